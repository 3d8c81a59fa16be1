package web

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// frame is what every page has around it.
type frame struct {
	Title     string
	Style     string
	Me        string // name; empty: nobody is signed in
	Path      string
	Account   bool // they have a page of their own
	Rehearsal bool
	Page      any
	// Of the portal: whose it is, and whose people Me is one of.
	Client, Phone, Vendor string
}

// show renders a page as a whole before the first byte goes out, so that a
// fault in it never leaves half a page.
func (s *server) show(w http.ResponseWriter, r *http.Request, me *visitor, status int, name, title string, page any) {
	f := frame{Title: flat(title), Style: s.style, Path: r.URL.Path, Account: s.byMail(), Rehearsal: s.o.Rehearsal, Page: page}
	if me != nil {
		f.Me = cut(me.Name)
		if f.Me == "" {
			f.Me = me.ID
		}
	}
	s.render(w, status, name, f)
}

// render writes a page in its frame: the portal's own for a page of the portal.
func (s *server) render(w http.ResponseWriter, status int, name string, f frame) {
	layout := "layout.html"
	if strings.HasPrefix(name, "guest-") {
		layout = "portal.html"
	}
	var b bytes.Buffer
	err := s.pages[name].ExecuteTemplate(&b, layout, f)
	if err != nil {
		s.o.Log.Error("rendering a page", "page", name, "error", err)
		http.Error(w, "This page can't be shown. The log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error: the browser went away
}

func sortedKeys(v url.Values) []string { return slices.Sorted(maps.Keys(v)) }
