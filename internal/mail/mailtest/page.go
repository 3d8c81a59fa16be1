package mailtest

import (
	"bytes"
	"cmp"
	"embed"
	"html"
	"html/template"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed pages
var pages embed.FS

// Handler shows the mailboxes as plain pages without a script: who has which mails,
// one mail, its HTML, its attachments and its bytes; one replies and writes there as
// whom one likes. Whoever sees it can follow anybody's sign-in links, so it answers
// on loopback only. Looking does nothing; forms act. Its links are relative, so that
// it can stand under any path that ends in a slash.
func (s *Server) Handler() http.Handler {
	p := &viewer{s: s, t: template.Must(template.ParseFS(pages, "pages/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.list)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pages, "pages/style.css") })
	mux.HandleFunc("GET /write", p.write)
	mux.HandleFunc("GET /{number}", p.mail)
	mux.HandleFunc("GET /{number}/html", p.html)
	mux.HandleFunc("GET /{number}/file", p.file)
	mux.HandleFunc("GET /{number}/raw", func(w http.ResponseWriter, r *http.Request) {
		if m, found := p.numbered(w, r.PathValue("number")); found {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write(m.Raw) // a reader that went away
		}
	})
	mux.HandleFunc("POST /reply", p.acting(p.reply))
	mux.HandleFunc("POST /automatic", p.acting(p.automatic))
	mux.HandleFunc("POST /send", p.acting(p.send))
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !onLoopback(r.Host) { // a page elsewhere whose name was bent to here
			http.Error(w, "this mailbox is reached as 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

func onLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// viewer is what draws the pages.
type viewer struct {
	s *Server
	t *template.Template
}

// frame is what stands around every page, and what is on one.
type frame struct {
	Title, Token string
	All          bool
	Here, Folder string // the person or the folder that is looked at
	Inbox        string
	Boxes        []box
	Folders      []Folder
	Mails        []Mail

	Mail     Mail
	As, Said string

	To, Subject, Text string
}

// box is somebody's mailbox.
type box struct {
	Address string
	Count   int
}

func (p *viewer) frame(title string) frame {
	f := frame{Title: title, Token: p.s.token, Inbox: p.s.o.Inbox, Folders: p.s.Folders()}
	count := map[string]int{}
	for _, m := range p.s.Mails("") {
		for _, to := range m.To {
			if !p.s.ours(to) {
				count[bare(to)]++
			}
		}
	}
	for address, n := range count {
		f.Boxes = append(f.Boxes, box{address, n})
	}
	slices.SortFunc(f.Boxes, func(a, b box) int { return cmp.Compare(a.Address, b.Address) })
	return f
}

func (p *viewer) show(w http.ResponseWriter, name string, what frame) {
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, name, what); err != nil {
		http.Error(w, "drawing the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // a reader that went away
}

func (p *viewer) list(w http.ResponseWriter, r *http.Request) {
	f := p.frame("All mails")
	switch f.Here, f.Folder = strings.ToLower(r.FormValue("to")), r.FormValue("folder"); {
	case f.Folder != "":
		f.Title, f.Mails = f.Folder, p.s.In(f.Folder)
	default:
		f.All, f.Mails = f.Here == "", p.s.Mails(f.Here)
	}
	slices.Reverse(f.Mails)
	p.show(w, "list.html", f)
}

func (p *viewer) numbered(w http.ResponseWriter, text string) (Mail, bool) {
	number, err := strconv.Atoi(text)
	for _, m := range p.s.Mails("") {
		if err == nil && m.Number == number {
			return m, true
		}
	}
	http.Error(w, "there is no such mail", http.StatusNotFound)
	return Mail{}, false
}

func (p *viewer) mail(w http.ResponseWriter, r *http.Request) {
	m, found := p.numbered(w, r.PathValue("number"))
	if !found {
		return
	}
	f := p.frame(m.Subject)
	f.Mail, f.As = m, p.reader(m)
	f.Here = f.As
	switch r.FormValue("done") {
	case "reply":
		f.Said = "The reply was sent."
	case "away", "bounce":
		f.Said = "Their mail server answered."
	case "send":
		f.Said = "It was sent."
	}
	p.show(w, "mail.html", f)
}

// reader is who got a mail and may reply to it; empty: only we did.
func (p *viewer) reader(m Mail) string {
	for _, to := range m.To {
		if !p.s.ours(to) {
			return strings.ToLower(to)
		}
	}
	return ""
}

// html shows a mail's HTML in a frame. Links open at the top; scripts, forms and
// anything from elsewhere don't. What begins a mail begins it on our own page.
func (p *viewer) html(w http.ResponseWriter, r *http.Request) {
	m, found := p.numbered(w, r.PathValue("number"))
	if !found {
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'; base-uri 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	text := regexp.MustCompile(`(?i)href="(mailto:[^"]*)"`).ReplaceAllStringFunc(m.HTML, func(attribute string) string {
		address := html.UnescapeString(attribute[len(`href="`) : len(attribute)-1])
		q := url.Values{"as": {p.reader(m)}, "mailto": {address}}
		return `href="../write?` + html.EscapeString(q.Encode()) + `"`
	})
	if with := strings.Replace(text, "<head>", `<head><base target="_blank">`, 1); with != text {
		text = with
	} else {
		text = `<base target="_blank">` + text
	}
	_, _ = w.Write([]byte(text)) // a reader that went away
}

// file hands out an attachment to be saved: shown, it could do as it likes here.
func (p *viewer) file(w http.ResponseWriter, r *http.Request) {
	m, found := p.numbered(w, r.PathValue("number"))
	if !found {
		return
	}
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil || n < 0 || n >= len(m.Files) {
		http.Error(w, "there is no such attachment", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": or(m.Files[n].Name, "attachment")}))
	_, _ = w.Write(m.Files[n].Bytes) // a reader that went away
}
