package archive

import (
	"bytes"
	_ "embed" // the report's template
	"fmt"
	"html/template"
	"strings"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
)

//go:embed report.html.tmpl
var reportText string

// report is what the page of a dossier shows, in words. Everything that people or
// vendors wrote passes through visible or oneLine before it gets here.
type report struct {
	Title, Case, Vendor string
	Answer              string // one sentence: what became of the case
	Open, Rehearsal     bool
	Unsealed            bool
	Facts               []reportFact
	Asked               []reportAsked
	Notable             []reportNotable
	Missing             []string
	Sheets              []reportSheet
	Scored              []reportScored
	Timeline            []reportLine
	Papers              []reportPaper
	Fingerprint         string
	SignedAt            moment
	Journal, Register   chainEnd
	Earlier             string
}

// reportFact is a row of what the case is about.
type reportFact struct{ Name, Value string }

// reportLine is a line of the journal in words.
type reportLine struct {
	N            int
	At, CaseAt   moment
	Moved        bool // the case's clock and the real one differ
	Who, What    string
	Inside       string
	ToVendor     string
	Names        []reportFact
	Erased       string
	Conflict     bool
	Hash, Answer string
}

// reportPaper is a document of the case.
type reportPaper struct {
	Name, By, Path, Digest, Size, Media string
	At                                  moment
	Changed                             string // against the version before
	Erased                              string
}

// moment is an instant as the page writes it.
type moment struct{ time.Time }

// Text is for people, Machine for the time element.
func (m moment) Text() string { return m.UTC().Format("2 January 2006, 15:04 UTC") }

// Machine is the instant in RFC 3339.
func (m moment) Machine() string { return m.UTC().Format(time.RFC3339) }

// render writes the page. It is one file without scripts, and asks for nothing
// from anywhere.
func (r report) render() ([]byte, error) {
	page, err := template.New("report").Option("missingkey=error").Parse(reportText)
	if err != nil {
		return nil, fmt.Errorf("reading the report's template: %w", err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, r); err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return b.Bytes(), nil
}

// reporter turns a case into a report.
type reporter struct {
	c     contents
	view  dossier.CaseView
	names map[string]string // looked up only
	forms map[string]int    // numbers of the forms that are shown, by their answers
}

func (c contents) report(k *Key, signed checkpoint) report {
	p := reporter{c: c, view: c.view, names: make(map[string]string)}
	for _, n := range c.names.People {
		p.names[n.ID] = n.Name
	}
	v := c.view
	r := report{
		Case: oneLine(cut(v.ID, 200)), Vendor: p.vendor(), Open: signed.Open, Rehearsal: signed.Rehearsal, Unsealed: signed.Unsealed,
		Fingerprint: k.Fingerprint(), SignedAt: moment{signed.SignedAt}, Journal: signed.Journal, Register: signed.Register, Earlier: signed.Earlier,
	}
	r.Title = "Dossier of " + r.Vendor
	r.Answer, r.Facts = p.answer(), p.facts()
	r.Sheets, r.Scored = p.sheets(), p.scored()
	p.forms = make(map[string]int, len(r.Sheets))
	for _, s := range r.Sheets {
		p.forms[s.Answer] = s.N
	}
	for i := range v.Requests {
		r.Asked = append(r.Asked, p.asked(&v.Requests[i]))
	}
	for i := range v.Requests {
		r.Notable = append(r.Notable, p.twoSeats(&v.Requests[i])...)
	}
	for _, l := range c.lines {
		r.Timeline = append(r.Timeline, p.line(l))
		if n, ok := p.notable(l); ok {
			r.Notable = append(r.Notable, n)
		}
	}
	r.Notable = append(gathered(r.Notable), p.jumps()...)
	r.Papers, r.Missing = p.papers(), p.missing()
	return r
}

func (p reporter) vendor() string {
	switch {
	case p.c.names.Vendor.Name != "":
		return oneLine(cut(p.c.names.Vendor.Name, 200))
	case p.view.Vendor != "":
		return oneLine(cut(p.view.Vendor, 200))
	}
	return "an unnamed vendor"
}

// who names a person: the name, and the id by which the record knows them.
func (p reporter) who(id string) string {
	name, known := p.names[id]
	switch {
	case id == "":
		return "gangway"
	case !known || name == "" || name == id:
		return oneLine(cut(id, 200))
	}
	return fmt.Sprintf("%s (%s)", oneLine(cut(name, 200)), oneLine(cut(id, 200)))
}

func (p reporter) answer() string {
	v, day := p.view, func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	if said := p.collection() + p.piloting() + p.oversight() + p.left() + p.cared() + p.alone(); said != "" {
		return said
	}
	switch {
	case v.State == dossier.Running && !v.Closed.IsZero():
		return fmt.Sprintf("Taking %s on board is under way: the case was closed on %s and opened again. Nothing in it is final.", p.vendor(), day(v.Closed))
	case v.State == dossier.Running:
		return fmt.Sprintf("Taking %s on board has been under way since %s. Nothing in it is final.", p.vendor(), day(v.Opened))
	case v.State == dossier.Live:
		return fmt.Sprintf("%s was taken on board on %s.", p.vendor(), day(v.Closed))
	case v.State == dossier.Ended:
		return fmt.Sprintf("%s was not taken on board: the case was withdrawn on %s.", p.vendor(), day(v.Closed))
	case v.Opened.IsZero():
		return "Nothing in this record says that the case was opened."
	}
	return fmt.Sprintf("The case of %s ended as %q on %s.", p.vendor(), oneLine(string(v.State)), day(v.Closed))
}

func (p reporter) facts() []reportFact {
	v := p.view
	facts := []reportFact{{"Case", oneLine(cut(v.ID, 200))}, {"Vendor", p.vendor()}}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, reportFact{name, value})
		}
	}
	person := func(name, id string) {
		if id != "" {
			add(name, p.who(id))
		}
	}
	add("How they are left", p.ordered())
	if v.Tier != 0 {
		add("How critical", v.Tier.String())
	}
	person("Case owner", v.Owner)
	person("Deputy", v.Deputy)
	person("Requested by", v.Requester)
	person("Sponsor", v.Sponsor)
	facts = append(facts, p.intake()...)
	facts = append(facts, p.adopted()...)
	if v.Digest != "" {
		add("Playbook", fmt.Sprintf("%s (%s)", oneLine(cut(v.Playbook, 200)), oneLine(cut(v.Digest, 80))))
	} else {
		add("Playbook", oneLine(cut(v.Playbook, 200)))
	}
	if !v.Opened.IsZero() {
		add("Opened", moment{v.Opened}.Text())
	}
	if v.DPA != nil && v.DPA.Document != "" {
		add("Data processing agreement", "in force since "+moment{v.DPA.Since}.Text()+bounds(v.DPA.Ends, v.DPA.LookAgain))
	}
	add("Pilot", p.pilot())
	add("Its parts", p.processes())
	if v.Held != nil {
		add("On hold", fmt.Sprintf("since %s, by %s", moment{v.Held.Since}.Text(), p.who(v.Held.By)))
	}
	if !v.Closed.IsZero() {
		add("Closed", moment{v.Closed}.Text())
	}
	return facts
}

// processes are the parts of a case that are processes of their own, and how each
// ended; empty: it has none.
func (p reporter) processes() string {
	var all []string
	for _, x := range p.view.Processes {
		switch {
		case x.ID == p.view.ID || x.Parent == "":
		case x.Ended.IsZero():
			all = append(all, oneLine(cut(x.ID, 200))+": under way since "+moment{x.Started}.Text())
		default:
			all = append(all, oneLine(cut(x.ID, 200))+": "+spaced(x.Result)+", "+moment{x.Ended}.Text())
		}
	}
	return strings.Join(all, "\n")
}

// missing lists what an auditor looks for and doesn't find, and why.
func (p reporter) missing() []string {
	var all []string
	for _, lack := range dossier.Complete(p.view, p.c.lines) {
		all = append(all, "Not there yet: "+oneLine(cut(lack, 400))+".")
	}
	for _, l := range p.c.lines {
		if l.Erased != nil {
			all = append(all, fmt.Sprintf("The text of line %d was %s. The line itself stands.", l.N, erasedText(*l.Erased)))
		}
	}
	for _, m := range dossier.Mentions(p.c.lines) {
		if m.Erased != nil {
			all = append(all, fmt.Sprintf("%s was %s.", oneLine(cut(upperFirst(mentioned(m)), 300)), erasedText(*m.Erased)))
		}
	}
	return all
}

func erasedText(e dossier.Erasure) string {
	return fmt.Sprintf("erased on %s under %s", e.On.UTC().Format("2 January 2006"), oneLine(cut(e.Rule, 200)))
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// papers lists the documents and histories that the dossier holds or held.
func (p reporter) papers() []reportPaper {
	mentions := dossier.Mentions(p.c.lines)
	paths := pathsOf(mentions)
	forms := p.sheetNames()
	var all []reportPaper
	for i, m := range mentions {
		paper := reportPaper{Path: paths[i], Digest: oneLine(cut(m.Digest, 80)), Name: "named in line " + fmt.Sprint(m.N)}
		if m.Erased != nil {
			paper.Path, paper.Erased = "", erasedText(*m.Erased)
		}
		if m.History {
			paper.Name = fmt.Sprintf("history of %s, run %s", oneLine(cut(m.Process, 200)), oneLine(cut(m.Run, 80)))
		}
		if name := forms[m.Digest]; name != "" {
			paper.Name, paper.Media = name, engagement.SheetMedia
		}
		for _, d := range p.view.Documents {
			if d.ReadAs == m.Digest && !m.History {
				paper.Name = "the text of " + documentName(d) + " as it was read"
				break
			}
			if d.Document != m.Digest || m.History {
				continue
			}
			paper.Name, paper.By, paper.At = documentName(d), p.who(d.By), moment{d.At}
			paper.Size, paper.Media = byteCount(d.Size), oneLine(cut(d.Media, 80))
			paper.Changed = strings.TrimSpace(changed(d.Comparison))
			break
		}
		if !m.History {
			p.mailPaper(m.Digest, &paper)
		}
		all = append(all, paper)
	}
	return all
}

func documentName(d dossier.DocumentView) string {
	name := oneLine(cut(d.Name, 80))
	if d.Version > 0 {
		name += fmt.Sprintf(", version %d", d.Version)
	}
	if d.ForVendor {
		name += ", filed for the vendor"
	}
	return name
}

func byteCount(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d MB", n/1_000_000)
}
