package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// estate is what a client has at GitHub: who has what there, and what can't be seen.
type estate struct {
	rec  *record
	mu   sync.Mutex
	has  []inventory.Finding
	dim  map[inventory.Place]entitlement.Doubt // places that can't be seen
	keep map[string]bool                       // titles of what can't be taken away
	away bool
	// cuts are titles of what was taken away; sights are the digests of the rosters that
	// were looked for.
	cuts []string
}

func newEstate(rec *record) *estate {
	return &estate{rec: rec, dim: map[inventory.Place]entitlement.Doubt{}, keep: map[string]bool{}}
}

// Put keeps what activities find out in the story's record.
func (e *estate) Put(_ context.Context, r io.Reader, _ int64) (dossier.Paper, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return dossier.Paper{}, err
	}
	sum := sha256.Sum256(text)
	e.rec.mu.Lock()
	defer e.rec.mu.Unlock()
	digest := "sha256:" + hex.EncodeToString(sum[:])
	e.rec.papers[digest] = string(text)
	return dossier.Paper{Digest: digest, Size: int64(len(text))}, nil
}

func (e *estate) sights(r inventory.Roster, repo string, places []inventory.Place) []inventory.Sight {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []inventory.Sight
	for _, p := range places {
		s := inventory.Sight{Place: p, Verdict: entitlement.VerdictClean}
		if d, dim := e.dim[p]; dim {
			s.Doubts = []entitlement.Doubt{d}
		}
		for _, f := range e.has {
			if f.Place == p && f.Repository == repo && (r.Owns(f) || f.Unsure) {
				s.Findings = append(s.Findings, f)
			}
		}
		s.Verdict = inventory.Judge(s.Findings, s.Doubts)
		all = append(all, s)
	}
	return all
}

// Organisation shows two repositories.
func (e *estate) Organisation(_ context.Context, r inventory.Roster) (inventory.Overview, error) {
	if e.gone() {
		return inventory.Overview{}, errors.New("nobody is there")
	}
	return inventory.Overview{Repositories: []inventory.Repository{{ID: 1, Name: "ledger"}, {ID: 2, Name: "portal"}}, Sights: e.sights(r, "", inventory.Places())}, nil
}

func (e *estate) gone() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.away
}

// Repository shows what is one repository's.
func (e *estate) Repository(_ context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error) {
	return e.sights(r, repo.Name, inventory.RepositoryPlaces()), nil
}

// Cut takes something away, unless it can't be.
func (e *estate) Cut(_ context.Context, r inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !r.Takes(f) {
		e.rec.wrong = append(e.rec.wrong, "what is nobody's of the roster was to be cut: "+f.Title)
	}
	if e.keep[f.Title] {
		return inventory.Sight{Place: f.Place, Verdict: entitlement.VerdictFound, Findings: []inventory.Finding{f}, Doubts: []entitlement.Doubt{entitlement.DoubtRefused}}, nil
	}
	e.cuts = append(e.cuts, f.Title)
	e.has = slices.DeleteFunc(e.has, func(x inventory.Finding) bool { return x == f })
	return inventory.Sight{Place: f.Place, Verdict: entitlement.VerdictClean}, nil
}

// byHand is somebody changing the estate without gangway.
func (e *estate) byHand(change func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change()
}

// leaves takes something away by hand.
func (e *estate) leaves(title string) {
	e.byHand(func() {
		e.has = slices.DeleteFunc(e.has, func(f inventory.Finding) bool { return f.Title == title })
	})
}

// theirs is something of the vendor's account planted-dev.
func theirs(p inventory.Place, repo, title string) inventory.Finding {
	return inventory.Finding{Place: p, Repository: repo, Title: title, Identity: inventory.Identity{Login: devLogin}}
}

// leavingStep is a step of a part of an exit.
func leavingStep(t *testing.T, part playbook.Process, does playbook.Purpose, kind review.Kind, seats ...review.Seat) playbook.Step {
	s := reviewStepOf(t, seats...)
	s.ID, s.Title, s.Process, s.Kind, s.Does = string(does), string(does), part, kind, does
	s.Deadlines = playbook.Deadlines{Due: span(t, "5 working days"), Owner: span(t, "6 working days"), Remind: []calendar.Span{span(t, "3 working days")}}
	return s
}

func revocationSteps(t *testing.T) []playbook.Step {
	step := func(does playbook.Purpose, kind review.Kind, seats ...review.Seat) playbook.Step {
		return leavingStep(t, exit.PartRevocation, does, kind, seats...)
	}
	roster := step(exit.DoesRoster, review.Task, seat("it"))
	roster.Points = []engagement.Point{{ID: "account-1-login", Title: "Login", Kind: engagement.PointText}}
	systems := step(exit.DoesSystems, review.Task, seat("it"))
	systems.Points = []engagement.Point{{ID: "erp", Title: "The ERP", Kind: engagement.PointYesNo}}
	return []playbook.Step{roster, step(exit.DoesMore, review.Decision, seat("security")), systems, step(exit.DoesSecond, review.Decision, seat("security"))}
}

// newRevocation prepares a revocation of acme's access to an estate.
func newRevocation(t *testing.T, has ...inventory.Finding) (*story, *estate) {
	t.Helper()
	rec := newRecord()
	e := newEstate(rec)
	e.has = has
	rec.survey = e
	s := storyOf(t, rec, "acme", []string{"it-ida", "it-ivo", "security-sam"}, nil, revocationSteps(t)...)
	s.root = "revocation/acme/1"
	t.Cleanup(func() { s.searchFor(devLogin) })
	return s, e
}

// searchFor holds that a name is in no entry of the record.
func (s *story) searchFor(name string) {
	s.rec.mu.Lock()
	defer s.rec.mu.Unlock()
	for _, e := range s.rec.entries {
		if strings.Contains(asText(e), name) {
			s.t.Errorf("an entry says %s: %s", name, asText(e))
		}
	}
}

// enrols says who the vendor's accounts are.
func (s *story) enrols(person string, logins ...string) {
	s.answer(person, exit.DoesRoster, review.Done, func(a *review.Answer) {
		sheet := engagement.Sheet{Lines: []engagement.SheetLine{{Point: engagement.Point{ID: "account-1-login"}, Finding: engagement.Finding{Point: "account-1-login", Said: true}, Words: strings.Join(logins, " ")}}}
		a.Findings = []engagement.Finding{{Point: "account-1-login", Said: true}}
		a.Documents = []string{s.text(a.ID+"-roster", asText(sheet))}
	})
}

// says answers a form soundly.
func (s *story) says(person, step string, more ...func(*review.Answer)) {
	r := s.open(step)
	s.answer(person, step, review.Done, append([]func(*review.Answer){func(a *review.Answer) { s.fillIn(a, r) }}, more...)...)
}

// waives has the owner waive what a chore is about, until a day.
func (s *story) waives(chore string, until time.Time, which ...string) {
	s.answer("owner-ola", playbook.ChoreSettle+"-"+chore, playbook.Waive)
	s.on(time.Minute, func() { s.waivesUntil(chore, until, which...) })
}

// waivesUntil answers until when what is waived, all of it where nothing is named.
func (s *story) waivesUntil(chore string, until time.Time, which ...string) {
	step := playbook.ChoreWaiver + "-" + chore
	r := s.open(step)
	i := slices.IndexFunc(r.Points, func(p engagement.Point) bool { return p.ID == playbook.WaiverOf })
	if i >= 0 && which == nil {
		which = r.Points[i].Options
	}
	s.says("owner-ola", step, validTo(until), func(a *review.Answer) {
		for i, f := range a.Findings {
			if f.Point == playbook.WaiverOf {
				a.Findings[i].Choices, a.Findings[i].Said = which, false
			}
		}
	})
}

// goes tells the part that what it waits for is there.
func (s *story) goes() { s.env.SignalWorkflow(SignalPart, PartNews{Word: NewsGo}) }

// playPart runs the story as a part of an exit, and holds what holds for every one.
func (s *story) playPart(kind string, change ...func(*ExitPartInput)) ExitPartResult {
	s.t.Helper()
	in := ExitPartInput{Common: s.in.Common, Order: exit.Order{Mode: exit.ModePlanned, By: monday.AddDate(0, 2, 0)}}
	in.Process, in.Case, in.Parent = s.root, s.root, "exit/acme/1"
	for _, c := range change {
		c(&in)
	}
	var out ExitPartResult
	s.run(kind, in.Process, in, &out)
	for _, m := range out.Matters {
		if out.Result == ResultDone && (m.State != exit.StateDone && m.State != exit.StateWaived && m.State != exit.StateNotNeeded) {
			s.t.Errorf("it is called done, and %s is %s", m.Name, m.State)
		}
		if m.State == exit.StateDone && m.Blocks(s.env.Now()) {
			s.t.Errorf("%s is called done, and nothing shows it: %+v", m.Name, m)
		}
		if m.State == exit.StateWaived && (m.By == "" || m.Answer == "" || m.Until.IsZero()) {
			s.t.Errorf("%s is waived by %q until %s", m.Name, m.By, m.Until)
		}
		if m.ID != s.root+":"+m.Name || m.Part+"/acme/1" != s.root {
			s.t.Errorf("a matter is called %q, of %s", m.ID, m.Part)
		}
	}
	return out
}

// wantMatter asserts what became of a matter.
func wantMatter(t *testing.T, out ExitPartResult, name string, state exit.State) exit.Matter {
	t.Helper()
	i := slices.IndexFunc(out.Matters, func(m exit.Matter) bool { return m.Name == name })
	if i < 0 {
		t.Errorf("nobody answers for %s", name)
		return exit.Matter{}
	}
	if out.Matters[i].State != state {
		t.Errorf("%s is %+v, want %s", name, out.Matters[i], state)
	}
	return out.Matters[i]
}

// asText is anything as a document would have it.
func asText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// reasoned gives an answer its reason.
func reasoned(a *review.Answer) { a.Written = review.Written{Inside: "digest"} }
