package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// today is what every clock of these tests shows.
func today() time.Time { return time.Date(2026, 11, 20, 10, 30, 0, 0, time.UTC) }

// notThere and notFor are errors as a desk returns them.
type notThere struct{ what string }

func (e notThere) Error() string  { return "there is no " + e.what }
func (e notThere) NotFound() bool { return true }

type notFor struct{}

func (notFor) Error() string   { return "this case is not open to you" }
func (notFor) Forbidden() bool { return true }

// recorder is a Desk in memory: it judges by review, records every change that
// was asked of it, and can be told to fail or to lag.
type recorder struct {
	mu      sync.Mutex
	people  []playbook.Person
	cases   []*dossier.CaseView
	lines   map[string][]dossier.Line
	papers  map[string][]byte
	media   map[string]string
	changes []string // what was asked of it, in order

	answers  []review.Answer
	acts     []review.Act
	intakes  []playbook.Intake
	receipts map[string]review.Outcome
	filed    map[string]dossier.Line
	queue    []review.Queued

	correction playbook.Correction // what a correction would change
	asked      map[string]string   // the words of the owner's own questions, by act
	named      []string            // whose backup or manager a leaver is
	orders     []dossier.ReplaceOrder
	audit      []dossier.AuditRow

	chat chatroom

	fail error // what changes come to
	slow bool  // answers are queued
	lag  bool  // the record is behind
	stop error // what reading comes to
}

func (d *recorder) did(format string, args ...any) {
	d.changes = append(d.changes, fmt.Sprintf(format, args...))
}

func (d *recorder) record(id string) review.Person {
	for _, p := range d.people {
		if p.ID == id {
			return p.Record(1)
		}
	}
	return review.Person{}
}

func (d *recorder) request(id string) *review.Request {
	for _, c := range d.cases {
		if r := c.Request(id); r != nil {
			return r
		}
	}
	return nil
}

func (d *recorder) Answer(_ context.Context, a review.Answer) (review.Outcome, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("answer %s %s %s", a.From.ID, a.Request, a.Verdict)
	d.answers = append(d.answers, a)
	if d.fail != nil {
		return review.Outcome{}, d.fail
	}
	a.Person = d.record(a.From.ID)
	a.Written = written(a.Text)
	if d.slow {
		out := review.Outcome{Status: review.Pending, Request: a.Request, Verdict: a.Verdict}
		d.queue = append(d.queue, review.Queued{ID: a.ID, Person: a.From.ID, Request: a.Request, At: today(), Payload: []byte(`{"verdict":"` + a.Verdict + `"}`)})
		d.receipts[a.ID] = out
		return out, nil
	}
	r := d.request(a.Request)
	if r == nil {
		return review.Outcome{Status: review.Refused, Refusal: review.Unknown, Request: a.Request}, nil
	}
	d.fillOut(r, &a)
	out, facts := r.Judge(a, today())
	d.take(r, facts, a.ID, a.Text)
	d.receipts[a.ID] = out
	return out, nil
}

// fillOut keeps what was filled in as a document, as a desk does.
func (d *recorder) fillOut(r *review.Request, a *review.Answer) {
	if !r.Sheet || !review.Positive(a.Verdict) {
		return
	}
	sheet, err := engagement.FillSheet(r.Title, r.Points, a.Findings, a.Words)
	if err != nil {
		panic(err)
	}
	text, err := sheet.Encode()
	if err != nil {
		panic(err)
	}
	a.Findings = nil
	for _, l := range sheet.Lines {
		a.Findings = append(a.Findings, l.Finding)
	}
	a.Documents = append(slices.Clone(a.Documents), d.put(text, engagement.SheetMedia))
}

// take folds facts and files them.
func (d *recorder) take(r *review.Request, facts []review.Fact, id string, text review.Text) {
	for _, f := range facts {
		if !d.lag {
			r.Apply(f)
		}
		fact := f
		l := d.line(r.Case, dossier.Entry{Case: r.Case, Process: r.Process, Kind: dossier.Request, At: f.At, CaseAt: f.At, Actor: f.Person, Answer: id, Fact: &fact}, text)
		if !d.lag {
			d.filed[id] = l
		}
	}
}

func (d *recorder) line(caseID string, e dossier.Entry, text review.Text) dossier.Line {
	l := dossier.Line{N: len(d.lines[caseID]) + 1, Entry: e, Hash: "hash"}
	if !text.Empty() {
		l.Body = &dossier.Body{Inside: text.Inside, Vendor: text.Vendor}
	}
	d.lines[caseID] = append(d.lines[caseID], l)
	return l
}

func written(t review.Text) review.Written {
	return review.Written(t)
}

func (d *recorder) Act(_ context.Context, a review.Act) (review.Outcome, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("act %s %s %s%s", a.From.ID, a.Kind, a.Request, a.Process)
	d.acts = append(d.acts, a)
	if d.fail != nil {
		return review.Outcome{}, d.fail
	}
	a.Person, a.To, a.Written = d.record(a.From.ID), d.record(a.ToID), written(a.Text)
	out := review.Outcome{Status: review.Counted, By: a.From.ID, At: today()}
	if a.Kind.Steers() {
		out = d.steer(a)
	} else if r := d.request(a.Request); r != nil {
		var facts []review.Fact
		out, facts = r.Act(a, today())
		d.take(r, facts, a.ID, a.Text)
	} else if a.Kind == review.Withdraw && a.From.ID != "ola" {
		out = review.Outcome{Status: review.Refused, Refusal: review.NotOwner}
	}
	d.receipts[a.ID] = out
	return out, nil
}

func (d *recorder) Open(_ context.Context, i playbook.Intake) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("open %s %s", i.From.ID, i.ID)
	d.intakes = append(d.intakes, i)
	return "onboarding/" + i.VendorSlug() + "/1", d.fail
}

func (d *recorder) Waiting(_ context.Context, who review.Address) ([]review.Request, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.record(who.ID).Employer != "" {
		return nil, notFor{}
	}
	var list []review.Request
	for _, c := range d.cases {
		for i := range c.Requests {
			r := &c.Requests[i]
			answered := slices.ContainsFunc(d.answers, func(a review.Answer) bool {
				return a.Request == r.ID && a.From.ID == who.ID && d.receipts[a.ID].OK() && d.receipts[a.ID].Status != ""
			})
			if len(openSeats(r, who.ID, today())) > 0 && !answered {
				list = append(list, r.SeenBy(who.ID, today()))
			}
		}
	}
	return list, d.stop
}

func (d *recorder) Pending(_ context.Context, who review.Address) ([]review.Queued, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.queue), func(q review.Queued) bool { return q.Person != who.ID }), d.stop
}

func (d *recorder) Receipt(_ context.Context, _ review.Address, id string) (review.Outcome, dossier.Line, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out, ok := d.receipts[id]
	if !ok {
		return out, dossier.Line{}, false, notThere{"answer of yours with this number"}
	}
	l, filed := d.filed[id]
	return out, l, filed, nil
}

func (d *recorder) may(who review.Address, c *dossier.CaseView) error {
	if p := d.record(who.ID); p.Employer != "" && p.Employer != c.Vendor {
		return notFor{}
	}
	return d.stop
}

func (d *recorder) Cases(_ context.Context, who review.Address) ([]dossier.CaseView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []dossier.CaseView
	for _, c := range d.cases {
		if d.may(who, c) == nil {
			list = append(list, *c)
		}
	}
	return list, d.stop
}

// CasePage orders by what runs; the scene's cases come newest first.
func (d *recorder) CasePage(ctx context.Context, who review.Address, after string, most int) ([]dossier.CaseView, error) {
	list, err := d.Cases(ctx, who)
	slices.SortStableFunc(list, func(a, b dossier.CaseView) int {
		return btoi(a.State != dossier.Running) - btoi(b.State != dossier.Running)
	})
	if after != "" {
		i := slices.IndexFunc(list, func(c dossier.CaseView) bool { return c.ID == after })
		if i < 0 {
			return nil, cmp.Or[error](err, notThere{"case " + after})
		}
		list = list[i+1:]
	}
	return list[:min(most, len(list))], err
}

func (d *recorder) CasesOf(ctx context.Context, who review.Address, most int) ([]dossier.CaseView, error) {
	list, err := d.CasePage(ctx, who, "", len(d.cases))
	list = slices.DeleteFunc(list, func(c dossier.CaseView) bool {
		return !slices.Contains([]string{c.Owner, c.Requester, c.Sponsor}, who.ID)
	})
	return list[:min(most, len(list))], err
}

func (d *recorder) Answered(ctx context.Context, who review.Address, most int) ([]review.Request, error) {
	cases, err := d.Cases(ctx, who)
	last := func(r review.Request) (at time.Time) {
		for _, b := range r.Ballots {
			if b.Person == who.ID && b.At.After(at) {
				at = b.At
			}
		}
		return at
	}
	var list []review.Request
	for _, c := range cases {
		for _, r := range c.Requests {
			if !last(r).IsZero() {
				list = append(list, r)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b review.Request) int { return last(b).Compare(last(a)) })
	return list[:min(most, len(list))], err
}

func (d *recorder) Request(ctx context.Context, who review.Address, id string) (review.Request, error) {
	cases, err := d.Cases(ctx, who)
	for _, c := range cases {
		if r := c.Request(id); r != nil {
			return r.SeenBy(who.ID, today()), err
		}
	}
	return review.Request{}, cmp.Or[error](err, notThere{"request " + id})
}

func (d *recorder) find(who review.Address, id string) (*dossier.CaseView, error) {
	i := slices.IndexFunc(d.cases, func(c *dossier.CaseView) bool { return c.ID == id })
	if i < 0 {
		return nil, notThere{"case " + id}
	}
	return d.cases[i], d.may(who, d.cases[i])
}

func (d *recorder) Case(_ context.Context, who review.Address, id string) (dossier.CaseView, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, err := d.find(who, id)
	if err != nil {
		return dossier.CaseView{}, err
	}
	return *c, nil
}

func (d *recorder) Lines(_ context.Context, who review.Address, id string) ([]dossier.Line, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, err := d.find(who, id)
	return slices.Clone(d.lines[id]), err
}

func (d *recorder) put(text []byte, media string) string {
	sum := sha256.Sum256(text)
	digest := "sha256:" + hex.EncodeToString(sum[:])
	d.papers[digest], d.media[digest] = text, media
	return digest
}

func (d *recorder) File(_ context.Context, who review.Address, r io.Reader) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, fmt.Errorf("reading the document: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("file %s %d", who.ID, len(text))
	return dossier.Paper{Digest: d.put(text, "text/plain; charset=utf-8"), Size: int64(len(text)), Media: "text/plain; charset=utf-8"}, d.fail
}

func (d *recorder) Document(_ context.Context, who review.Address, caseID, digest string) (dossier.Paper, io.ReadCloser, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.find(who, caseID); err != nil {
		return dossier.Paper{}, nil, err
	}
	text, ok := d.papers[digest]
	if !ok {
		return dossier.Paper{}, nil, notThere{"document " + digest}
	}
	return dossier.Paper{Digest: digest, Size: int64(len(text)), Media: d.media[digest]}, io.NopCloser(bytes.NewReader(text)), nil
}

func (d *recorder) Dossier(_ context.Context, who review.Address, caseID string, w io.Writer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := d.find(who, caseID); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "PK half a dossier"); err != nil {
		return err
	}
	return d.fail
}

func (d *recorder) People(context.Context, review.Address) ([]playbook.Person, error) {
	return d.people, d.stop
}

func (d *recorder) ApplyPeople(_ context.Context, who review.Address, people []playbook.Person) (int, []string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.did("people %s %d", who.ID, len(people))
	return 2, []string{"lena"}, d.fail
}

func (d *recorder) Who(_ context.Context, who review.Address) (playbook.Person, error) {
	if errors.Is(d.stop, errDown) {
		return playbook.Person{}, d.stop
	}
	for _, p := range d.people {
		if p.ID == who.ID {
			return p, nil
		}
	}
	return playbook.Person{}, notThere{"person " + who.ID}
}

var errDown = errors.New("the store is down")

func (d *recorder) VendorName(_ context.Context, slug string) string {
	if slug == "northwind" {
		return "Northwind Hosting"
	}
	return slug
}

func (d *recorder) Statement(_ context.Context, _, id string) string {
	if id == "read-confidentiality" {
		return "I read the clauses on confidentiality and security, and compared them with our standard terms."
	}
	return id
}

func (d *recorder) Fingerprint(context.Context) string { return "SHA256:abc" }
