package web

import (
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed static
var static embed.FS

// Options is what web is told when it starts. Log and Now may be left out.
type Options struct {
	// PickPerson: one signs in by picking a person, and /api believes the header
	// Gangway-As. For a deployment on loopback and no other.
	PickPerson bool
	// Hosts are the Host headers that are served, with or without a port; others
	// get 421. Empty: every host, for use behind a proxy that looks at it.
	Hosts []string
	// Gate is how people sign in where PickPerson is off, and how the command
	// line does; nil: nobody can.
	Gate Gate
	// Post is what happens to letters; nil: this deployment sends none.
	Post Post
	// Portal is what the vendor's people come through, and VendorSide what the
	// client's people do with them; nil: there is no portal, and the pages say
	// nothing of contacts.
	Portal     Portal
	VendorSide VendorSide
	// Outside is what somebody of neither side reads and says; nil: the portal has no
	// page for them.
	Outside Outside
	// Receiving is what those of a vendor who takes over read; nil: nobody does.
	Receiving Receiving
	// Accesses says what GitHub knows before an access is accepted; nil: nothing does.
	Accesses Accesses
	// ClientName and ClientPhone say to the vendor's people for whom this is.
	ClientName, ClientPhone string
	// Address is where people reach this, such as https://gangway.example. With
	// https cookies are for https alone and browsers are told to stay with it;
	// http is for loopback: elsewhere no browser keeps the cookie.
	Address string
	// Rehearsal: every page says that nothing here is real. Cases that are
	// rehearsals say so on their own pages in any case.
	Rehearsal bool
	// Key signs the cookies of people who picked themselves; at least 16 bytes.
	// Empty: a random one, and everybody picks again after a restart.
	Key []byte
	// MaxDocument is how many bytes a document may have that somebody sends; 0:
	// what engagement takes.
	MaxDocument int64
	Log         *slog.Logger
	// Now is the clock; nil: the machine's.
	Now func() time.Time
}

// server is the handler's state: nothing in it but ended changes after New.
type server struct {
	desk  Desk
	o     Options
	pages map[string]*template.Template
	style string // the stylesheet's address, with its digest
	paper *sanitiser
	ended endedPicks
}

// New gives the handler of all pages and of /api. Timeouts of connections are
// the server's business; bodies are bounded here.
func New(desk Desk, o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxDocument == 0 {
		o.MaxDocument = engagement.MaxDocument
	}
	if len(o.Key) == 0 {
		o.Key = []byte(rand.Text() + rand.Text())
	}
	s := &server{desk: desk, o: o, style: styleAddress(), paper: newSanitiser()}
	s.pages = parsed()
	return s.guard(s.routes())
}

// parsed are the pages of this build: they depend on nothing else, nobody changes them,
// and to parse them takes a twentieth of a second, so it is done once.
var parsed = sync.OnceValue(parsePages)

// parsePages parses each page with the layout; a fault in one is a fault of the
// build, which the first test finds.
func parsePages() map[string]*template.Template {
	base := template.Must(template.New("layout.html").Funcs(template.FuncMap{"bytes": bytesText, "short": shortDigest, "upper": upper, "part": (*steerView).part}).
		ParseFS(templates, "templates/layout.html", "templates/parts.html", "templates/lines.html", "templates/pilot.html", "templates/outsiders.html", "templates/oversight.html", "templates/fields.html", "templates/departed.html"))
	names, err := fs.Glob(templates, "templates/page-*.html")
	if err != nil {
		panic(fmt.Sprintf("listing the pages: %v", err))
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		page := template.Must(template.Must(base.Clone()).ParseFS(templates, name))
		pages[name[len("templates/page-"):len(name)-len(".html")]] = page
	}
	guests, err := fs.Glob(templates, "templates/guest-*.html")
	if err != nil {
		panic(fmt.Sprintf("listing the pages of the portal: %v", err))
	}
	for _, name := range guests { // the portal's frame leads nowhere but into the portal
		page := template.Must(template.Must(base.Clone()).ParseFS(templates, "templates/portal.html", name))
		pages[name[len("templates/"):len(name)-len(".html")]] = page
	}
	return pages
}

// visitor is the person who is signed in.
type visitor struct {
	playbook.Person
	zone   *time.Location
	device string // the id of the session, for the list of devices
}

// page wraps a handler that needs somebody signed in, and shows its error.
func (s *server) page(do func(http.ResponseWriter, *http.Request, visitor) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		me, err := s.visitor(r)
		if err != nil {
			s.fail(w, r, nil, err)
			return
		}
		if me == nil {
			s.askWho(w, r)
			return
		}
		if r.Method == http.MethodPost {
			if err := s.readForm(w, r); err != nil {
				s.fail(w, r, me, err)
				return
			}
			if r.MultipartForm != nil {
				defer func() { _ = r.MultipartForm.RemoveAll() }() // the system removes them as well
			}
		}
		if err := do(w, r, *me); err != nil {
			s.fail(w, r, me, err)
		}
	}
}

// nowIn is what the case believes the time is.
func (s *server) nowIn(c *dossier.CaseView) time.Time { return c.Now(s.o.Now()) }
