package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const interests = "no-interest"

func declares(a *review.Answer) { a.Attest = append(a.Attest, interests) }

func reading(version int, sections ...string) func(*review.Act) {
	return func(a *review.Act) { a.Version, a.Sections = version, sections }
}

// The statement on interests comes with a person's first answer in the case: once,
// whichever process asks, also of two requests that are open side by side.
func TestInterestsAreAskedOnceACase(t *testing.T) {
	s := newStory(t, []string{"legal-lee", "security-sam"}, []string{"intake", "contract", "activation"},
		stepOf(t, "risk", "intake", seat("legal")), stepOf(t, "data", "intake", seat("legal")),
		reviewStepOf(t, seat("legal"), seat("security")), stepOf(t, "access", "activation", seat("security")))
	s.in.Declaration = interests
	s.in.Contract = s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		s.refused(s.answer("legal-lee", "risk", review.Approve), review.NeedsInterest)
		s.answer("legal-lee", "risk", review.Approve, declares)
	})
	s.on(2*time.Hour, func() {
		if r := s.open("data"); !slices.Equal(r.Declared, []string{"legal-lee"}) {
			t.Errorf("the other open request has heard of %v", r.Declared)
		}
		s.answer("legal-lee", "data", review.Approve)
	})
	s.on(1*day, func() { s.answer("legal-lee", "review", review.Approve) }) // told to the child
	s.on(2*day, func() {
		s.refused(s.answer("security-sam", "review", review.Reject), review.NeedsInterest)
		s.answer("security-sam", "review", review.Approve, declares)
	})
	s.on(3*day, func() { s.answer("security-sam", "access", review.Approve) }) // told back
	s.play()
	s.wantResult(s.in.Process, string(dossier.Live))
	if r := s.open("access"); !slices.Equal(r.Declared, []string{"legal-lee", "security-sam"}) {
		t.Errorf("at the end %v have declared", r.Declared)
	}
	told := 0
	for _, e := range s.rec.entries {
		if f := e.Fact; f != nil && f.Kind == review.FactDeclared {
			told++
		}
	}
	if told != 1 {
		t.Errorf("requests were told %d times that somebody declared, want once", told)
	}
}

// A contract that everybody approved is not signed while a section is unread; whoever
// read it says so, and that is in the record.
func TestWhatNobodyReadIsNotSigned(t *testing.T) {
	step := reviewStepOf(t, seat("legal"), seat("security"))
	step.ReadAll = true
	s := newStory(t, []string{"legal-lee", "security-sam"}, nil, step)
	first := s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve, func(a *review.Answer) { a.Read = []string{"1-2"} })
		s.answer("security-sam", "review", review.Approve)
	})
	s.on(2*day, func() {
		r := s.open("review")
		if tally := r.Tally(s.env.Now()); tally.State != review.Open || !slices.Equal(tally.Unread, []string{"3"}) || r.Closed != nil {
			t.Errorf("two approved and nobody read section 3: %+v, closed %v", tally, r.Closed)
		}
		process := ProcessID(ContractPrefix("acme"), 1)
		s.refused(s.act(process, "security-sam", review.Read, s.about("review"), reading(1, "4")), review.NoSection)
		s.act(process, "security-sam", review.Read, s.about("review"), reading(1, "3"))
	})
	if out := s.playContract(first); out.Result != "signed-off" {
		t.Errorf("it ended %s", out.Result)
	}
	by := ""
	for _, e := range s.rec.entries {
		if f := e.Fact; f != nil && f.Kind == review.FactRead {
			by += e.Actor + " " + e.Answer + " "
		}
	}
	if by != "security-sam act4 " {
		t.Errorf("the record has who read as %q", by)
	}
}

// Who takes a seat without the competence that it asks for may answer; it is said,
// also of a backup who joins.
func TestWhatAHolderLacksIsSaid(t *testing.T) {
	asks := seat("legal")
	asks.Competence = []string{"iso-27001", "law"}
	s := newStory(t, []string{"legal-lee", "backup-bo"}, []string{"intake"}, stepOf(t, "risk", "intake", asks))
	s.know("legal-lee", func(p *playbook.Person) { p.Backups, p.Competences = []string{"backup-bo"}, []string{"law"} })
	s.know("backup-bo", func(p *playbook.Person) { p.Competences = []string{"tax"} })
	s.on(4*day, func() { s.answer("backup-bo", "risk", review.Approve) })
	s.play()
	r := s.open("risk")
	lacks := map[string][]string{}
	for _, h := range r.Seating("legal").Holders {
		lacks[h.Person] = h.Lacks
	}
	if !slices.Equal(lacks["legal-lee"], []string{"iso-27001"}) || !slices.Equal(lacks["backup-bo"], []string{"iso-27001", "law"}) {
		t.Errorf("they lack %v", lacks)
	}
}

// While sections are unread whoever could read them is reminded as anybody who is
// silent, and the owner told in the end; silence decides nothing here either.
func TestReadersAreRemindedOfWhatNobodyRead(t *testing.T) {
	step := reviewStepOf(t, seat("legal"), seat("security"))
	step.ReadAll = true
	s := newStory(t, []string{"legal-lee", "security-sam"}, nil, step)
	first := s.text("v1", contractText("", ""))
	s.on(1*time.Hour, func() {
		s.answer("legal-lee", "review", review.Approve, func(a *review.Answer) { a.Read = []string{"1-2"} })
		s.answer("security-sam", "review", review.Approve)
	})
	s.on(20*day, func() {
		s.act(ProcessID(ContractPrefix("acme"), 1), "legal-lee", review.Read, s.about("review"), reading(1, "3"))
	})
	s.seen.naps = true
	if out := s.playContract(first); out.Result != "signed-off" {
		t.Errorf("it ended %s", out.Result)
	}
	s.wantTold("legal-lee", "0 asked review", "2 unread review", "4 unread review")
	s.wantTold("security-sam", "0 asked review", "2 unread review", "4 unread review")
	s.wantTold("owner-ola", "9 unread review")
}
