package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
)

// contentPolicy lets a page load its stylesheet and pictures from here, send its
// forms here, and nothing else.
const contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// maxAddress bounds the address of a request: the longest of ours is a receipt's
// with fifty numbers.
const maxAddress = 4096

// stayWithHTTPS is how long browsers come back by https alone, in seconds: two
// years.
const stayWithHTTPS = "max-age=63072000"

// maxForm bounds a form without files: two long reasons in any script.
const maxForm = 1 << 20

// guard is what every request passes first.
func (s *server) guard(next http.Handler) http.Handler {
	crossing := http.NewCrossOriginProtection()
	crossing.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, nil, plainFault{http.StatusForbidden, "this form came from another site", "open the page here and send it again; nothing was decided"})
	}))
	if u, err := url.Parse(s.o.Address); err == nil && u.Host != "" { // a proxy may send another Host than the browser's
		if err := crossing.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic(fmt.Sprintf("trusting our own address: %v", err))
		}
	}
	next = crossing.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if strings.HasPrefix(s.o.Address, "https:") {
			h.Set("Strict-Transport-Security", stayWithHTTPS)
		}
		defer s.catch(w, r)
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			r.Body = http.NoBody // no page reads one, and none may fill the disk
		} else { // handlers tighten it
			r.Body = http.MaxBytesReader(w, r.Body, max(s.o.MaxDocument+maxForm, maxJSON, maxUploads))
		}
		if !s.serves(r.Host) {
			s.fail(w, r, nil, plainFault{http.StatusMisdirectedRequest, "this address is not served here", "use the address that gangway printed when it started"})
			return
		}
		if len(r.RequestURI) > maxAddress {
			s.fail(w, r, nil, plainFault{http.StatusRequestURITooLong, "this address is longer than any of ours", "follow a link from your inbox"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// catch turns a panic into a page with a reference number.
func (s *server) catch(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if err, is := p.(error); is && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	s.fail(w, r, nil, fmt.Errorf("a handler panicked: %v\n%s", p, debug.Stack()))
}

// serves reports whether a Host header is one of ours. A page elsewhere whose
// name is made to point at this machine sends its own name.
func (s *server) serves(host string) bool {
	if len(s.o.Hosts) == 0 {
		return true
	}
	host = strings.ToLower(host)
	bare, _, err := net.SplitHostPort(host)
	if err != nil {
		bare = host
	}
	return slices.ContainsFunc(s.o.Hosts, func(ours string) bool {
		ours = strings.ToLower(ours)
		return ours == host || ours == bare
	})
}

// styleAddress carries the stylesheet's digest, so that a browser may keep it
// for ever and still gets the next release's.
func styleAddress() string {
	text, err := static.ReadFile("static/style.css")
	if err != nil {
		panic(fmt.Sprintf("reading the stylesheet: %v", err))
	}
	sum := sha256.Sum256(text)
	return "/static/style.css?v=" + hex.EncodeToString(sum[:6])
}

func (s *server) serveStatic(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "favicon.ico" {
		name = "static/mark.svg"
	}
	text, err := static.ReadFile(name)
	if err != nil {
		s.fail(w, r, nil, missing("file"))
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "max-age=31536000, immutable")
	_, _ = w.Write(text) // an error: the browser went away
}

// readForm reads a form's fields and files before anything looks at them, so
// that one that is too large is refused as such.
func (s *server) readForm(w http.ResponseWriter, r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		r.Body = http.MaxBytesReader(w, r.Body, s.o.MaxDocument+maxForm)
		err = r.ParseMultipartForm(maxForm)
	case err == nil && kind == "application/x-www-form-urlencoded":
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		err = r.ParseForm()
	default:
		return plainFault{http.StatusUnsupportedMediaType, "this is no form of ours", "open the page here and send it again"}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return err
	case err != nil:
		return unreadableForm()
	}
	return nil
}
