package mailtest

import (
	"embed"
	"html/template"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

//go:embed pages
var pages embed.FS

// Handler shows the mails: a list, one mail, its HTML and its bytes. Whoever sees
// it can follow anybody's sign-in links, so it answers on loopback only. Its links
// are relative, so that it can stand under any path that ends in a slash.
func (s *Server) Handler() http.Handler {
	t := template.Must(template.ParseFS(pages, "pages/*.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		mails := s.Mails(r.FormValue("to"))
		slices.Reverse(mails)
		show(w, t, "list.html", struct {
			To    string
			Mails []Mail
		}{r.FormValue("to"), mails})
	})
	mux.HandleFunc("GET /{number}", func(w http.ResponseWriter, r *http.Request) {
		if m, found := s.numbered(w, r); found {
			show(w, t, "mail.html", m)
		}
	})
	mux.HandleFunc("GET /{number}/html", func(w http.ResponseWriter, r *http.Request) {
		if m, found := s.numbered(w, r); found {
			// Links open at the top; scripts, forms and anything from elsewhere don't.
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'; base-uri 'none'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			html := strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1) // out of the frame
			_, _ = w.Write([]byte(html))                                                 // a reader that went away
		}
	})
	mux.HandleFunc("GET /{number}/raw", func(w http.ResponseWriter, r *http.Request) {
		if m, found := s.numbered(w, r); found {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write(m.Raw) // a reader that went away
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !onLoopback(r.Host) { // a page elsewhere whose name was bent to here
			http.Error(w, "this mailbox is reached as 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func onLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func show(w http.ResponseWriter, t *template.Template, name string, what any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = t.ExecuteTemplate(w, name, what) // a reader that went away
}

func (s *Server) numbered(w http.ResponseWriter, r *http.Request) (Mail, bool) {
	number, err := strconv.Atoi(r.PathValue("number"))
	for _, m := range s.Mails("") {
		if err == nil && m.Number == number {
			return m, true
		}
	}
	http.Error(w, "there is no such mail", http.StatusNotFound)
	return Mail{}, false
}
