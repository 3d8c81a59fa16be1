package mailtest

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
)

// inMemory is how many bytes of a form's attachments are held in memory.
const inMemory = 32 << 20

// acting does what a form asks for, and leads to the mail that it is about.
func (p *viewer) acting(act func(T, *http.Request) (number int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, int64(p.s.o.Largest)+1<<20)
		if err := r.ParseMultipartForm(inMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) || r.URL.RawQuery != "" {
			http.Error(w, "a form is sent in the body, and no larger than a mail may be", http.StatusBadRequest)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(p.s.token)) != 1 {
			http.Error(w, "this form is of another run: load the page again", http.StatusForbidden)
			return
		}
		number := 0
		if err := Try(r.Context(), func(t T) { number = act(t, r) }); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		done := or(r.PostFormValue("how"), "send")
		// Not http.Redirect: it would forget what stands before our own path.
		w.Header().Set("Location", fmt.Sprintf("%d?done=%s", number, url.QueryEscape(done)))
		w.WriteHeader(http.StatusSeeOther)
	}
}

// about is the mail that a form is about, as somebody who got it has it.
func (p *viewer) about(t T, r *http.Request) *Received {
	for _, m := range p.s.Mails(r.PostFormValue("as")) {
		if fmt.Sprint(m.Number) == r.PostFormValue("number") {
			return &Received{Mail: m, p: p.s.Person(nameOf(m, r.PostFormValue("as")), r.PostFormValue("as"))}
		}
	}
	t.Fatalf("they have no such mail")
	return nil
}

// nameOf is what a mail calls somebody whom it goes to.
func nameOf(m Mail, address string) string {
	to, err := m.Header.AddressList("To")
	if err != nil {
		return ""
	}
	for _, a := range to {
		if strings.EqualFold(a.Address, address) {
			return a.Name
		}
	}
	return ""
}

// draft reads what a form says is to be written.
func draft(t T, r *http.Request) Draft {
	d := Draft{Text: strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n"), As: Client(r.PostFormValue("program"))}
	if r.MultipartForm == nil {
		return d
	}
	for _, h := range r.MultipartForm.File["files"] {
		if h.Filename == "" {
			continue
		}
		f, err := h.Open()
		if err != nil {
			t.Fatalf("reading an attachment: %v", err)
		}
		content, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatalf("reading an attachment: %v", err)
		}
		d.Files = append(d.Files, File{Name: h.Filename, Kind: h.Header.Get("Content-Type"), Bytes: content})
	}
	return d
}

func (p *viewer) reply(t T, r *http.Request) int {
	m := p.about(t, r)
	m.ReplyWith(t, draft(t, r))
	return m.Number
}

func (p *viewer) automatic(t T, r *http.Request) int {
	m := p.about(t, r)
	switch r.PostFormValue("how") {
	case "away":
		m.OutOfOffice(t, "I am out of the office and will read your mail when I am back.")
	case "bounce":
		m.Bounce(t)
	default:
		t.Fatalf("mail servers answer in no such way")
	}
	return m.Number
}

func (p *viewer) send(t T, r *http.Request) int {
	from, err := mail.ParseAddress(r.PostFormValue("as"))
	if err != nil {
		t.Fatalf("who writes is no address")
	}
	to, err := mail.ParseAddress(r.PostFormValue("to"))
	if err != nil {
		t.Fatalf("whom it goes to is no address")
	}
	d := draft(t, r)
	d.To, d.Subject = []string{to.Address}, strings.Join(strings.Fields(r.PostFormValue("subject")), " ")
	return p.s.Person(from.Name, from.Address).Send(t, d).Number
}

// write is the form, with what a mailto link prefilled.
func (p *viewer) write(w http.ResponseWriter, r *http.Request) {
	f := p.frame("Write a mail")
	f.Here = r.FormValue("as")
	if link := r.FormValue("mailto"); link != "" {
		d, err := prefilled(link)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		f.To, f.Subject, f.Text = d.To[0], d.Subject, d.Text
	}
	p.show(w, "write.html", f)
}

// prefilled reads a mailto link (RFC 6068).
func prefilled(link string) (Draft, error) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "mailto" {
		return Draft{}, errors.New("it does not begin a mail")
	}
	q, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, "+", "%2B")) // a + is one here
	if err != nil {
		return Draft{}, errors.New("what is prefilled can't be read")
	}
	to, err := url.PathUnescape(u.Opaque)
	if err != nil {
		return Draft{}, errors.New("its address can't be read")
	}
	return Draft{To: []string{to}, Subject: q.Get("subject"), Text: strings.ReplaceAll(q.Get("body"), "\r\n", "\n")}, nil
}
