package slacktest

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed pages
var pages embed.FS

// Handler is Slack as a person sees it, as plain pages without a script: who they
// are, their conversations, the app's home tab, open modals, a box for commands.
// Whoever sees it is whom they like, so it answers on loopback only. Looking does
// nothing; forms act. Its links are relative, so that it can stand under any path
// that ends in a slash; the server has it at / itself.
func (s *Server) Handler() http.Handler {
	p := &viewer{s: s, t: template.Must(template.ParseFS(pages, "pages/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.people)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pages, "pages/style.css") })
	mux.HandleFunc("GET /in", p.conversation)
	mux.HandleFunc("GET /watch", p.conversation)
	mux.HandleFunc("GET /home", p.home)
	for path, act := range map[string]func(u User, r *http.Request) (*asked, error){
		"/click": p.click, "/submit": p.submit, "/close": p.closeModal, "/slash": p.slash, "/open": p.open,
	} {
		mux.HandleFunc("POST "+path, p.acting(act))
	}
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !onLoopback(r.Host) { // a page elsewhere whose name was bent to here
			http.Error(w, "this Slack is reached as 127.0.0.1 or localhost", http.StatusMisdirectedRequest)
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

func (p *viewer) show(w http.ResponseWriter, status int, name string, what any) {
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, name, what); err != nil {
		http.Error(w, "drawing the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // a reader that went away
}

// somebody is who looks, by the id in the address or the form.
func (p *viewer) somebody(w http.ResponseWriter, r *http.Request) (User, bool) {
	u, found := p.s.User(r.FormValue("user"))
	if !found {
		http.Error(w, "there is no such user", http.StatusNotFound)
	}
	return u, found
}

func (p *viewer) people(w http.ResponseWriter, _ *http.Request) {
	type entry struct{ ID, Name, Handle, Note string }
	var all []entry
	for _, u := range p.s.Users() {
		if u.Bot {
			continue
		}
		e := entry{ID: u.ID, Name: nameOf(u), Handle: u.Name}
		switch {
		case u.Deleted:
			e.Note = "deactivated"
		case u.Stranger || u.Team != p.s.o.Team:
			e.Note = "of another workspace"
		case u.Restricted || u.UltraRestricted:
			e.Note = "guest"
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	p.show(w, http.StatusOK, "people.html", struct {
		Team   string
		People []entry
	}{p.s.o.TeamName, all})
}

// frame is what stands around a conversation or the home tab.
type frame struct {
	Team, Title string
	User        User
	Name        string // the user's
	Now         string
	Here        string // the channel's id; empty: the home tab
	Watching    bool
	Rooms       []room
	Warnings    []warning
	Modal       *drawnModal
	Threads     []thread
	Blocks      []drawnBlock
}

// room is a conversation in the list of them.
type room struct {
	ID, Name string
	order    int
}

// warning is one that somebody saw pass by.
type warning struct{ Text, At string }

// thread is a message with its replies.
type thread struct {
	drawnMessage
	Replies []drawnMessage
}

// drawnMessage is one as a person sees it.
type drawnMessage struct {
	From, At, Text                 string
	App, Edited, Alone, Bad, Empty bool
	Blocks                         []drawnBlock
	Lines                          []styled
}

// warningsShown is how many of the newest warnings a page has.
const warningsShown = 3

func (p *viewer) frame(u User, here string) frame {
	f := frame{Team: p.s.o.TeamName, User: u, Name: nameOf(u), Here: here, Now: p.at(u, p.s.Now()), Title: "Home"}
	for _, c := range p.s.Channels() {
		if !slices.Contains(c.Members, u.ID) {
			continue
		}
		name, order := "#"+c.Name, 1
		if c.Kind == Direct {
			name, order = "Messages", 0
		}
		f.Rooms = append(f.Rooms, room{c.ID, name, order})
		if c.ID == here {
			f.Title = name
		}
	}
	slices.SortStableFunc(f.Rooms, func(a, b room) int { return cmp.Compare(a.order, b.order) })
	for _, n := range p.s.Notices() {
		if n.User == u.ID {
			f.Warnings = append(f.Warnings, warning{n.Text, p.at(u, n.At)})
		}
	}
	f.Warnings = f.Warnings[max(0, len(f.Warnings)-warningsShown):]
	slices.Reverse(f.Warnings)
	if open := p.s.Views(u.ID); len(open) > 0 {
		f.Modal = p.modal(open[len(open)-1], here)
	}
	return f
}

// at is a time as a person's clock shows it.
func (p *viewer) at(u User, at time.Time) string {
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	return at.In(zone).Format("Mon 2 Jan 2006, 15:04 MST")
}

func (p *viewer) home(w http.ResponseWriter, r *http.Request) {
	u, found := p.somebody(w, r)
	if !found {
		return
	}
	f := p.frame(u, "")
	if home, there := p.s.Home(u.ID); there {
		f.Blocks = p.blocks(home.Blocks, spot{User: u.ID, View: home.ID}, nil)
	}
	p.show(w, http.StatusOK, "home.html", f)
}

func (p *viewer) conversation(w http.ResponseWriter, r *http.Request) {
	u, found := p.somebody(w, r)
	if !found {
		return
	}
	f := p.frame(u, r.FormValue("channel"))
	if !slices.ContainsFunc(f.Rooms, func(c room) bool { return c.ID == f.Here }) {
		http.Error(w, "there is no such conversation for this user", http.StatusNotFound)
		return
	}
	f.Watching = strings.HasSuffix(r.URL.Path, "/watch") && f.Modal == nil // what is being typed would be lost
	f.Threads = p.threads(u, f.Here)
	p.show(w, http.StatusOK, "in.html", f)
}

// threads are the messages of a channel that somebody sees, what moved last first.
func (p *viewer) threads(u User, channel string) []thread {
	type dated struct {
		thread
		last time.Time
	}
	var all []*dated
	by := map[string]*dated{}
	for _, m := range p.s.Messages(channel) {
		if m.Ephemeral != "" && m.Ephemeral != u.ID {
			continue
		}
		root := by[m.ThreadTS]
		switch {
		case root != nil && !m.Deleted:
			root.Replies = append(root.Replies, p.message(u, m))
			root.last = timeOf(m.TS)
		case root == nil:
			d := &dated{thread: thread{drawnMessage: p.message(u, m)}, last: timeOf(m.TS)}
			by[m.TS] = d
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b *dated) int { return b.last.Compare(a.last) })
	var threads []thread
	for _, d := range all {
		if !d.Empty || len(d.Replies) > 0 {
			threads = append(threads, d.thread)
		}
	}
	return threads
}

func (p *viewer) message(u User, m Message) drawnMessage {
	from, _ := p.s.User(m.User)
	d := drawnMessage{From: nameOf(from), App: from.Bot, At: p.at(u, timeOf(m.TS)), Edited: len(m.Earlier) > 0, Alone: m.Ephemeral != "", Bad: m.Broken != "", Empty: m.Deleted}
	if m.Deleted {
		return d
	}
	if len(decode(m.Blocks)) > 0 {
		d.Blocks = p.blocks(m.Blocks, spot{User: u.ID, Channel: m.Channel, TS: m.TS}, nil)
	} else {
		d.Lines = p.s.lines(m.Text)
	}
	return d
}
