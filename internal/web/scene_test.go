package web

import (
	"os"
	"testing"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	theCase     = "onboarding/northwind/1"
	theContract = "contract/northwind/1"
	reviewID    = theContract + ":review.1"
	exitID      = theCase + ":exit-plan.1"
	dataID      = theCase + ":data-map.1"
	sendID      = theContract + ":send.1"
	textID      = theContract + ":text.1"
)

func day(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }

// scene is a case in the middle: a contract in its second version, two questions
// that came to legal at one moment, one that is late, and things that are over.
func scene(t testing.TB) *recorder {
	t.Helper()
	d := &recorder{chat: newChatroom(), lines: map[string][]dossier.Line{}, papers: map[string][]byte{}, media: map[string]string{},
		receipts: map[string]review.Outcome{}, filed: map[string]dossier.Line{}}
	hours := calendar.Schedule{Zone: "Europe/Berlin"}
	d.people = []playbook.Person{
		{ID: "ola", Name: "Ola Nordmann", Roles: []string{"service-owner"}, Hours: hours, Backups: []string{"ben"}},
		{ID: "ria", Name: "Ria Castellanos", Roles: []string{"requester"}, Hours: hours},
		{ID: "lena", Name: "Lena Weiß", Roles: []string{"legal"}, Hours: hours, Backups: []string{"ben"}},
		{ID: "sami", Name: "Sami Aalto", Roles: []string{"security"}, Hours: hours},
		{ID: "dora", Name: "Dóra Kelemen", Roles: []string{"data-protection"}, Hours: hours},
		{ID: "ben", Name: "Ben Okafor", Roles: []string{"counsel"}, Hours: hours},
		{ID: "gus", Name: "Gus Left", Left: true, Hours: hours},
		{ID: "vic", Name: "Vic Turner", Employer: "northwind", Hours: hours},
		{ID: "una", Name: "Una Stranger", Employer: "elsewhere", Hours: hours},
	}
	one, two := fixture(t, "contract-v1.md"), fixture(t, "contract-v2.md")
	v1, v2 := d.put(one, "text/plain; charset=utf-8"), d.put(two, "text/markdown; charset=utf-8")
	blob := d.put([]byte("%PDF-1.7 <script>alert(1)</script>"), "application/pdf")
	c := &dossier.CaseView{ID: theCase, Vendor: "northwind", Owner: "ola", Requester: "ria", State: dossier.Running, Stage: "contract", Tier: 2,
		Playbook: "standard", Digest: v1, Opened: day(2), Last: day(19), Lines: 40,
		Processes: []dossier.ProcessView{{ID: theCase, Started: day(2)}, {ID: theContract, Parent: theCase, Started: day(4)}}}
	cmp := compare(t, one, two)
	c.Documents = []dossier.DocumentView{
		{Process: theCase, Name: "insurance", Document: blob, Size: 34, Media: "application/pdf", By: "ria", At: day(3), ForVendor: true},
		{Process: theContract, Name: "contract", Version: 1, Document: v1, Size: int64(len(one)), Media: "text/plain; charset=utf-8", By: "ria", At: day(4)},
		{Process: theContract, Name: "contract", Version: 2, Document: v2, Size: int64(len(two)), Media: "text/markdown; charset=utf-8", By: "ola", At: day(17), ForVendor: true, Comparison: &cmp},
	}
	d.cases = []*dossier.CaseView{c,
		{ID: "onboarding/quiet-payroll/1", Vendor: "quiet-payroll", Owner: "ola", State: dossier.Live, Stage: "live", Tier: 3, Rehearsal: true, Opened: day(1), Closed: day(12), Last: day(12), Sealed: true},
	}
	d.line(theCase, dossier.Entry{Case: theCase, Process: theCase, Kind: dossier.CaseOpened, At: day(2), CaseAt: day(2), Actor: "ria", Detail: &dossier.Detail{Owner: "ola", Requester: "ria"}}, review.Text{})
	d.line(theCase, dossier.Entry{Case: theCase, Process: theCase, Kind: dossier.TierSet, At: day(2), CaseAt: day(2), Detail: &dossier.Detail{Tier: 2}}, review.Text{})
	d.line(theCase, dossier.Entry{Case: theCase, Process: theContract, Kind: dossier.DocumentFiled, At: day(4), CaseAt: day(4), Actor: "ria", Detail: &dossier.Detail{Name: "contract", Version: 1, Document: v1}}, review.Text{})
	d.contract(c, v1, v2)
	d.questions(c)
	d.line(theCase, dossier.Entry{Case: theCase, Process: theContract, Kind: dossier.DocumentFiled, At: day(17), CaseAt: day(17), Actor: "ola", Detail: &dossier.Detail{Name: "contract", Version: 2, Document: v2, ForVendor: true, Comparison: &cmp}}, review.Text{})
	return d
}

// contract adds the review of the contract: changes were wanted once, and the
// second version is being read.
func (d *recorder) contract(c *dossier.CaseView, v1, v2 string) {
	r := review.Request{ID: reviewID, Case: theCase, Process: theContract, Step: "review", Kind: review.Decision, Title: "Sign off the hosting agreement",
		Ask: "Read the clauses that are yours and say whether we can sign.", Document: "contract", Owner: "ola", Requester: "ria", Vendor: "northwind", Opened: day(4),
		Policy: review.Policy{Groups: []review.Group{
			{Name: "readers", Rule: review.RuleAll, Seats: []review.Seat{
				{ID: "legal", Role: "legal", Scope: []string{"title:confidentiality", "4"}, Attest: []string{"read-confidentiality"}, Veto: true},
				{ID: "security", Role: "security", Scope: []string{"4"}},
				{ID: "business", Role: "service-owner", Mandatory: true}}},
			{Name: "signature", Rule: review.RuleAll, Seats: []review.Seat{{ID: "owner", Role: review.OwnerRole}}},
		}, Pairs: []review.Pair{{A: "business", B: "owner"}}},
		Clocks: []review.Clock{{Opened: day(17), Due: day(24)}, {}},
		Seatings: []review.Seating{
			{Seat: "legal", Holders: []review.Holder{{Person: "lena", Via: review.ViaRole, Since: day(4)}, {Person: "ben", Via: review.ViaBackup, From: "lena", Since: day(18)}}},
			{Seat: "security", Holders: []review.Holder{{Person: "sami", Via: review.ViaRole, Since: day(4), Undelivered: true}}},
			{Seat: "business", Holders: []review.Holder{{Person: "ola", Via: review.ViaRole, Since: day(4)}}},
			{Seat: "owner", Group: 1, Holders: []review.Holder{{Person: "ola", Via: review.ViaOwner, Since: day(4)}}}},
		Versions: []review.Version{{Number: 1, Document: v1, At: day(4)},
			{Number: 2, Document: v2, At: day(17), Touched: []review.Touch{{Version: 1, Seats: []string{"legal", "security", "business"}}}}},
	}
	first := review.Request{}
	opened := r.Clone()
	opened.Versions, opened.Clocks = opened.Versions[:1], []review.Clock{{}, {}}
	for _, f := range []review.Fact{
		{Kind: review.FactOpened, Opened: &opened}, {Kind: review.FactGroup, Due: day(11)},
		{Kind: review.FactTold, Person: "lena", Seat: "legal", Why: "asked", At: day(4)},
		{Kind: review.FactCounted, Person: "lena", Seat: "legal", Answer: "old-1", At: day(9), Ballot: &review.Ballot{Answer: "old-1", Seat: "legal", Person: "lena", Verdict: review.Changes, Version: 1, At: day(9), Channel: "web", Written: review.Written{Inside: "x"}}},
		{Kind: review.FactVersion, At: day(17), Version: &r.Versions[1]}, {Kind: review.FactGroup, At: day(17), Due: day(24)},
		{Kind: review.FactTold, Person: "lena", Seat: "legal", Why: "asked", At: day(17)},
	} {
		f.Request = r.ID
		if f.At.IsZero() {
			f.At = day(4)
		}
		fact, text := f, review.Text{}
		if f.Kind == review.FactCounted {
			text = review.Text{Inside: "Their standard text; they gave way on this with two others.", Vendor: "Please tell us before you disclose anything (3.2), and shorten 72 hours to 24 (4.2)."}
		}
		d.line(theCase, dossier.Entry{Case: theCase, Process: r.Process, Kind: dossier.Request, At: f.At, CaseAt: f.At, Actor: f.Person, Answer: f.Answer, Fact: &fact}, text)
		first.Apply(f)
	}
	c.Requests = append(c.Requests, first)
}

// questions adds two that legal got at one moment, one for security that is
// late, and one that is over.
func (d *recorder) questions(c *dossier.CaseView) {
	ask := func(id, step, title, seat, person string, due time.Time, kind review.Kind) *review.Request {
		c.Requests = append(c.Requests, review.Request{ID: id, Case: theCase, Process: theCase, Step: step, Kind: kind, Title: title, Owner: "ola", Requester: "ria", Vendor: "northwind",
			Ask: "The plan is in the documents of the case.", Opened: day(16), Clocks: []review.Clock{{Opened: day(16), Due: due}},
			Policy:   review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{{ID: seat, Role: seat}}}}},
			Seatings: []review.Seating{{Seat: seat, Holders: []review.Holder{{Person: person, Via: review.ViaRole, Since: day(16)}}}},
			Told:     []review.Reminder{{Person: person, Why: "asked", Seat: seat, At: day(16)}}})
		return &c.Requests[len(c.Requests)-1]
	}
	ask(exitID, "exit-plan", "Agree to the plan for the way out", "legal", "lena", day(25), review.Decision)
	ask(dataID, "data-map", "Agree to the map of data", "legal", "lena", day(23), review.Decision)
	ask(theCase+":audit.1", "audit", "Read the security report", "security", "sami", day(18), review.Decision)
	over := ask(theCase+":intake.1", "intake", "Agree that this vendor is wanted", "security", "sami", day(5), review.Decision)
	over.Ballots = []review.Ballot{{Answer: "old-2", Seat: "security", Person: "sami", Verdict: review.Approve, At: day(3)}}
	over.Closed = &review.Closing{State: review.Met, At: day(3), Why: "decided"}
}

// chores adds what the owner is asked once changes are wanted: a text to send
// and a document to file.
func (d *recorder) chores() {
	c := d.cases[0]
	for id, name := range map[string]string{sendID: playbook.ChoreSend, textID: playbook.ChoreText} {
		chore := playbook.NewChore(name, playbook.Contract, playbook.Deadlines{})
		c.Requests = append(c.Requests, review.Request{ID: id, Case: theCase, Process: theContract, Step: name, Kind: chore.Step.Kind, Title: chore.Step.Title, Ask: chore.Step.Ask,
			Owner: "ola", Vendor: "northwind", Options: chore.Options, Reasoned: chore.Reasoned, Policy: chore.Step.Policy, Opened: day(10), Clocks: []review.Clock{{Opened: day(10), Due: day(30)}},
			Seatings: []review.Seating{{Seat: "owner", Holders: []review.Holder{{Person: "ola", Via: review.ViaOwner, Since: day(10)}}}}})
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compare(t testing.TB, one, two []byte) engagement.Comparison {
	t.Helper()
	old, err := engagement.Split(one)
	if err != nil {
		t.Fatal(err)
	}
	new, err := engagement.Split(two)
	if err != nil {
		t.Fatal(err)
	}
	return engagement.Compare(old, new)
}
