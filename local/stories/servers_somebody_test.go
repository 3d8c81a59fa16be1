package stories

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gangway/internal/mail/mailtest"
)

// somebody knows what their mails say and what their browser shows.
type somebody struct {
	m           *mailed
	id, address string
	browser     *http.Client
	read        int      // number of the last mail that they read
	links       []string // from mails, not followed yet
	signed      bool
	token       string
}

func (m *mailed) somebody(id, address string) *somebody {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatalf("making a cookie jar: %v", err)
	}
	return &somebody{m: m, id: id, address: address, browser: &http.Client{Jar: jar, Timeout: patience}}
}

// page is what a browser shows.
type page struct {
	status int
	at     *url.URL
	title  string
	text   string
	forms  []*form
	links  []string
	secret string // of a token that was made
}

// form is one of a page's, with what stands in it.
type form struct {
	action *url.URL
	values url.Values
	boxes  url.Values // that could be ticked
	file   []byte     // that is sent with it
	at     string     // the file's field; empty: file
}

// form is the first whose address begins with a path.
func (p page) form(path string) *form {
	for _, f := range p.forms {
		if strings.HasPrefix(f.action.Path, path) {
			return f
		}
	}
	return nil
}

func (p *somebody) opens(address string) page {
	p.m.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.m.resolve(address), nil)
	if err != nil {
		p.m.t.Fatalf("%s opens a page: %v", p.id, err)
	}
	return p.load(req)
}

// sends posts a form.
func (p *somebody) sends(f *form) page {
	p.m.t.Helper()
	if f == nil {
		p.m.t.Fatalf("%s finds no form to send", p.id)
	}
	body, kind := io.Reader(strings.NewReader(f.values.Encode())), "application/x-www-form-urlencoded"
	if f.file != nil {
		body, kind = f.multipart()
	}
	req, err := http.NewRequest(http.MethodPost, f.action.String(), body)
	if err != nil {
		p.m.t.Fatalf("%s sends a form: %v", p.id, err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Origin", p.m.url)
	return p.load(req)
}

// load loads a page, in the words of a browser.
func (p *somebody) load(req *http.Request) page {
	p.m.t.Helper()
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := p.browser.Do(req)
	if err != nil {
		p.m.t.Fatalf("%s loads %s: %v", p.id, req.URL.Path, err)
	}
	defer resp.Body.Close()
	root, err := html.Parse(resp.Body)
	if err != nil {
		p.m.t.Fatalf("%s reads %s: %v", p.id, req.URL.Path, err)
	}
	shown := page{status: resp.StatusCode, at: resp.Request.URL}
	var words []string
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			words = append(words, strings.Fields(n.Data)...)
		case n.DataAtom == atom.H1 && n.FirstChild != nil:
			shown.title = strings.TrimSpace(n.FirstChild.Data)
		case n.DataAtom == atom.A:
			shown.links = append(shown.links, attribute(n, "href"))
		case n.DataAtom == atom.Form:
			shown.forms = append(shown.forms, formOf(shown.at, n))
		case attribute(n, "class") == "secret" && n.FirstChild != nil:
			shown.secret = n.FirstChild.Data
		}
	}
	shown.text = strings.Join(words, " ")
	return shown
}

func formOf(at *url.URL, n *html.Node) *form {
	f := &form{values: url.Values{}, boxes: url.Values{}}
	f.action, _ = at.Parse(attribute(n, "action")) // a fault is a form that nobody asks for
	if f.action == nil {
		f.action = at
	}
	for d := range n.Descendants() {
		name, value := attribute(d, "name"), attribute(d, "value")
		switch kind := attribute(d, "type"); {
		case name == "" || d.DataAtom != atom.Input && d.DataAtom != atom.Textarea:
		case d.DataAtom == atom.Textarea:
			if d.FirstChild != nil {
				f.values.Set(name, d.FirstChild.Data)
			}
		case kind == "checkbox":
			f.boxes.Add(name, value)
		case kind == "radio" || kind == "file":
		default:
			f.values.Add(name, value)
		}
	}
	return f
}

func attribute(n *html.Node, key string) string {
	if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key }); i >= 0 {
		return n.Attr[i].Val
	}
	return ""
}

// resolve makes a path of ours whole.
func (m *mailed) resolve(address string) string {
	if strings.HasPrefix(address, "/") {
		return m.url + address
	}
	return address
}

// mailWith waits for the next mail to them that has something in it.
func (p *somebody) mailWith(what string) mailtest.Mail {
	p.m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	for {
		mail, err := p.m.mail.Next(ctx, p.address, p.read)
		if err != nil {
			p.m.t.Fatalf("%s gets no mail with %q: %v", p.id, what, err)
		}
		p.read = mail.Number
		p.keeps(mail)
		if strings.Contains(mail.Subject+"\n"+mail.Text, what) {
			return mail
		}
	}
}

// keeps takes the links of a mail, and what of it no log may hold.
func (p *somebody) keeps(mail mailtest.Mail) {
	p.links = append(p.links, mail.Links("/go/")...)
	for _, link := range append(mail.Links("/go/"), mail.Links("/enter/")...) {
		p.m.private = append(p.m.private, link[strings.LastIndexByte(link, '/')+1:])
	}
	if code := codeIn(mail); code != "" {
		p.m.private = append(p.m.private, code)
	}
}

// codeIn is the six digits of a mail; empty: it has none.
func codeIn(mail mailtest.Mail) string {
	found := regexp.MustCompile(`(?m)^\s+([0-9]{6})$`).FindStringSubmatch(mail.Text)
	if found == nil {
		return ""
	}
	return found[1]
}

// signsIn writes their address on the sign-in page and types the code.
func (p *somebody) signsIn() page {
	p.m.t.Helper()
	f := p.opens("/signin").form("/signin")
	if f == nil {
		p.m.t.Fatalf("%s finds nowhere to write an address", p.id)
	}
	f.values.Set("mail", p.address)
	return p.typesCode(p.sends(f))
}

// typesCode waits for the code that a page promises, and types it there.
func (p *somebody) typesCode(promised page) page {
	p.m.t.Helper()
	code := codeIn(p.mailWith("/enter/"))
	f := promised.form("/signin/code")
	if f == nil || code == "" {
		p.m.t.Fatalf("%s has the code %q and this page for it: %d %s", p.id, code, promised.status, promised.text)
	}
	f.values.Set("code", code)
	shown := p.sends(f)
	if shown.status != http.StatusOK || strings.HasPrefix(shown.at.Path, "/sign") {
		p.m.t.Fatalf("%s can't sign in: %d %s", p.id, shown.status, shown.text)
	}
	p.signed = true
	return shown
}

// makesToken makes a token on their page.
func (p *somebody) makesToken() {
	p.m.t.Helper()
	f := p.opens("/me").form("/me/token")
	if f == nil {
		p.m.t.Fatalf("%s finds no form for a token", p.id)
	}
	f.values.Set("name", "the command line")
	shown := p.sends(f)
	if !strings.HasPrefix(shown.secret, "gwt_") {
		p.m.t.Fatalf("%s gets no token: %d %s", p.id, shown.status, shown.text)
	}
	p.token = shown.secret
	p.m.private = append(p.m.private, p.token)
}

// follows opens a link from a mail and signs in on the way where that is wanted.
func (p *somebody) follows(link string) page {
	p.m.t.Helper()
	shown := p.opens(link)
	if f := shown.form("/go"); f != nil {
		for _, private := range notInLogs {
			if strings.Contains(shown.text, private) {
				p.m.t.Errorf("a stranger who follows %s's link reads %q", p.id, private)
			}
		}
		shown = p.typesCode(p.sends(f))
	}
	return shown
}

// asked waits for the mail about a step for a vendor, follows its link, and returns
// the page with the form for their answer.
func (p *somebody) asked(vendor, step string) page {
	p.m.t.Helper()
	for {
		for i, link := range p.links {
			shown := p.follows(link)
			id := shown.at.Query().Get("id")
			if !strings.Contains(id, vendor) || !strings.Contains(id, step) {
				continue
			}
			if shown.form("/request/answer") == nil { // answered, or about to be filed
				continue
			}
			p.links = slices.Delete(p.links, i, i+1)
			return shown
		}
		p.links = nil
		p.mailWith("/go/")
	}
}

// answers says something on the page that a mail leads to; it must count.
func (p *somebody) answers(vendor, step, verdict string, with ...func(*form)) {
	p.m.t.Helper()
	f := p.asked(vendor, step).form("/request/answer")
	f.says(verdict, with...)
	p.counts(p.sends(f), step)
}

// says fills the form in.
func (f *form) says(verdict string, with ...func(*form)) {
	f.values.Set("verdict", verdict)
	if verdict == "approve" {
		for name, values := range f.boxes {
			f.values[name] = values
		}
	}
	for _, w := range with {
		w(f)
	}
}

// counts waits until the receipt says that the answer counts: it may be on its way.
func (p *somebody) counts(shown page, what string) {
	p.m.t.Helper()
	if shown.status != http.StatusOK || shown.at.Path != "/receipt" {
		p.m.t.Fatalf("%s's answer to %s is not taken: %d %s %s", p.id, what, shown.status, shown.at.Path, shown.text)
	}
	if !within(2*patience, func() bool {
		shown = p.opens(shown.at.String())
		return slices.Contains([]string{"Counted", "Done", "Already counted"}, shown.title)
	}) {
		p.m.t.Fatalf("%s's answer to %s never counts: %s", p.id, what, shown.text)
	}
}

// reason gives one.
func reason(inside, vendor string) func(*form) {
	return func(f *form) { f.values.Set("inside", inside); f.values.Set("vendor", vendor) }
}

// attach adds a file.
func attach(text []byte) func(*form) { return func(f *form) { f.file = text } }

// multipart is the form with its file, as a browser sends it.
func (f *form) multipart() (io.Reader, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range f.values {
		for _, v := range values {
			_ = w.WriteField(name, v) // into memory
		}
	}
	part, err := w.CreateFormFile(cmp.Or(f.at, "file"), "contract-v2.md")
	if err == nil {
		_, _ = part.Write(f.file)
	}
	_ = w.Close()
	return &b, w.FormDataContentType()
}
