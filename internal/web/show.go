package web

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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
	var b bytes.Buffer
	err := s.pages[name].ExecuteTemplate(&b, "layout.html", f)
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
