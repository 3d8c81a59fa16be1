package stories

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// TestTwentyOneDaysToSigned: everybody takes their time, one person never
// answers and another steps in, and three weeks after the request the contract
// is signed off.
func TestTwentyOneDaysToSigned(t *testing.T) { playTwentyOneDaysToSigned(t, newHouse) }

func playTwentyOneDaysToSigned(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	o := house(t).onboard()
	o.wantWaiting("helen", "need")
	o.wantWaiting("maya")
	o.passTo(1 * day)
	o.answer("helen", "need", review.Approve)
	o.passUntilTold("claire", "backup need")
	o.wantWaiting("claire", "need")
	o.answer("claire", "need", review.Approve)
	o.wantWaiting("ravi") // claire's answer took it off his desk too
	o.asked("daniel", "security-look")
	o.passTo(10 * day)
	o.answer("daniel", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
	o.asked("jonas", "review")
	o.passTo(12 * day)
	o.all("review", "jonas", "daniel", "ruth", "ravi")
	o.passTo(18 * day)
	o.answer("maya", "review", review.Approve)
	o.passTo(21 * day)
	o.answer("helen", "review", review.Approve)
	o.live()
	v := o.sealed(dossier.Live)
	signed := lastContract(v)
	if days := signed.Ended.Sub(v.Opened); signed.Result != "signed-off" || days < 21*day || days > 21*day+time.Hour {
		t.Errorf("the contract ended as %q after %s, want it signed off after 21 days", signed.Result, days)
	}
	if got := o.told("ravi"); got[0] != "asked need" || !slices.Contains(got, "reminder need") || !slices.Contains(got, "asked review") {
		t.Errorf("ravi was told %q", got)
	}
}

// TestChangesWantedTwice: only the seats that a version touches and who wanted
// changes are asked again, and what goes out is what the owner sends.
func TestChangesWantedTwice(t *testing.T) { playChangesWantedTwice(t, newHouse) }

func playChangesWantedTwice(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	h := house(t)
	o := h.onboard()
	o.needed()
	o.answer("jonas", "review", review.Changes)
	o.wantWaiting("maya") // one list, once everybody has answered
	o.all("review", "daniel", "ruth", "ravi")
	o.sends("pay in 14 days, please", example(t, "contract-v2.md"))
	o.asked("ravi", "review")
	o.wantWaiting("daniel")
	o.wantWaiting("ruth")
	o.answer("jonas", "review", review.Approve)
	o.answer("ravi", "review", review.Changes)
	o.sends("test it twice a year, please", h.nextText("a yearly test by", "two tests a year by"))
	o.asked("daniel", "review")
	o.wantWaiting("ruth")
	o.all("review", "jonas", "daniel", "ravi", "maya", "helen")
	o.live()
	o.sealed(dossier.Live)
	o.wantTold("ruth", "asked data-look", "asked review")
	o.wantTold("daniel", "asked security-look", "asked review", "asked review")
	o.wantTold("jonas", "asked review", "asked review", "asked review")
	var out []string
	for _, l := range o.kinds(dossier.SentToVendor) {
		out = append(out, o.words(l.Entry.Answer)...)
	}
	if diff := cmp.Diff([]string{"pay in 14 days, please", "test it twice a year, please"}, out); diff != "" {
		t.Errorf("what went to the vendor (-want +got):\n%s", diff)
	}
	if r := o.newest("review"); r.Current() != 3 {
		t.Errorf("the review ended on version %d", r.Current())
	}
}

// TestRejectThenNextVersion: a mandatory no is refused at once and ends nothing;
// the owner may not waive it and goes on with a next version.
func TestRejectThenNextVersion(t *testing.T) { playRejectThenNextVersion(t, newHouse) }

func playRejectThenNextVersion(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	o := house(t).onboard()
	o.needed()
	o.answer("jonas", "review", review.Reject)
	o.asked("maya", "settle-review")
	o.refused("maya", "settle-review", playbook.Waive, review.WrongVerdict)
	o.refused("jonas", "settle-review", playbook.NextVersion, review.NoSeat)
	o.refused("maya", "settle-review", playbook.NextVersion, review.NeedsReason, func(a *review.Answer) { a.Text = review.Text{} })
	o.answer("maya", "settle-review", playbook.NextVersion)
	o.next(example(t, "contract-v2.md"))
	o.all("review", "jonas", "daniel", "ruth", "ravi", "maya", "helen")
	o.live()
	o.sealed(dossier.Live)
	o.wantTold("jonas", "asked review", "asked review")
	var sent []string
	for _, l := range o.kinds(dossier.SentToVendor) {
		sent = append(sent, l.Entry.Detail.Result)
	}
	if want := []string{playbook.WhyLive, "unreached"}; !slices.Equal(sent, want) { // that it is live; this house sends no mail
		t.Errorf("the vendor was sent %q, want %q: nothing that the owner never sent", sent, want)
	}
}

// TestVeto: one veto stops a review that others approve, and the owner withdraws.
func TestVeto(t *testing.T) { playVeto(t, newHouse) }

func playVeto(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	o := house(t).onboard()
	o.needed()
	o.all("review", "jonas", "daniel")
	o.answer("ruth", "review", review.Reject)
	o.asked("maya", "settle-review")
	o.answer("maya", "settle-review", playbook.Withdraw)
	v := o.sealed(dossier.Ended)
	for _, p := range everybody {
		o.wantWaiting(p)
	}
	if r := o.newest("review"); r.Closed == nil || r.Closed.State != review.Denied {
		t.Errorf("the review ended as %+v", r.Closed)
	}
	if got := ballots(t, o.newest("review")); !slices.Equal(got, []string{"jonas approve", "daniel approve", "ruth reject"}) {
		t.Errorf("the answers are %q", got)
	}
	if !v.Closed.Equal(v.Processes[0].Ended) {
		t.Errorf("closed %s, its process ended %s", v.Closed, v.Processes[0].Ended)
	}
}

// TestRecusalEmptiesASeat: both who could hold it declare a conflict; the owner
// is told that the seat is vacant, silence decides nothing, and the seat is
// filled once the people file has somebody.
func TestRecusalEmptiesASeat(t *testing.T) { playRecusalEmptiesASeat(t, newHouse) }

func playRecusalEmptiesASeat(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	h := house(t)
	o := h.onboard()
	o.answer("helen", "need", review.Approve)
	o.answer("ravi", "need", review.Approve)
	o.answer("daniel", "security-look", review.Approve)
	r := o.asked("ruth", "data-look")
	o.act("ruth", review.Act{Kind: review.Recuse, Request: r.ID})
	o.asked("sam", "data-look")
	o.wantWaiting("ruth")
	o.act("sam", review.Act{Kind: review.Recuse, Request: r.ID})
	o.until("the seat is vacant", func(v dossier.CaseView) bool {
		return v.Request(r.ID).Tally(v.Now(time.Now())).State == review.Vacant && slices.Contains(o.told("maya"), "vacant data-look")
	})
	o.refused("ruth", "data-look", review.Approve, review.IsRecused)
	o.passTo(20 * day)
	if got := o.newest("data-look"); got.Closed != nil || len(got.Ballots) != 0 {
		t.Errorf("something was decided: %+v", got)
	}
	h.joins("nora", "data-protection")
	o.answer("nora", "data-look", review.Approve)
	o.all("review", "jonas", "daniel", "nora", "ravi", "maya", "helen")
	o.live()
	o.sealed(dossier.Live)
	o.wantTold("ruth", "asked data-look")
	o.wantTold("sam", "asked data-look")
	o.wantTold("nora", "asked data-look", "asked review")
}

// TestBackupThenManagerThenOwner: reminders, the backup, the line manager and at
// last the case owner, while nobody answers; then the first of two answers
// counts, and the second is told who was first.
func TestBackupThenManagerThenOwner(t *testing.T) { playBackupThenManagerThenOwner(t, newHouse) }

func playBackupThenManagerThenOwner(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	o := house(t).onboard()
	o.asked("helen", "need")
	o.passUntilTold("maya", "owner need")
	if got := o.told("helen"); !slices.Equal(got, []string{"asked need", "reminder need", "reminder need"}) {
		t.Errorf("helen was told %q, want two reminders and no more", got)
	}
	george := o.told("george")
	if !slices.Contains(george, "backup need") || !slices.Contains(george, "manager need") {
		t.Errorf("george was told %q, want that he is helen's backup and ravi's manager", george)
	}
	var order []string // of what was told for finance
	for _, told := range o.newest("need").Told {
		if told.Why == playbook.WhyOwner || told.Seat == "finance" && told.Why != playbook.WhyReminder {
			order = append(order, told.Why+" "+told.Person)
		}
	}
	if diff := cmp.Diff([]string{"asked ravi", "backup claire", "manager george", "owner maya"}, order); diff != "" {
		t.Errorf("who was told for finance (-want +got):\n%s", diff)
	}
	first := o.answer("george", "need", review.Approve)
	second := o.refused("helen", "need", review.Reject, review.Answered)
	if second.By != "george" || !second.At.Equal(first.At) {
		t.Errorf("helen is told %+v, want that george answered at %s", second, first.At)
	}
	o.wantWaiting("helen")
	o.answer("claire", "need", review.Approve)
	o.asked("daniel", "security-look")
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	o.sealed(dossier.Ended)
}

// TestAPersonWhoLeaves: what they answered stands, what they held goes to
// others, and they see nothing any more.
func TestAPersonWhoLeaves(t *testing.T) { playAPersonWhoLeaves(t, newHouse) }

func playAPersonWhoLeaves(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	h := house(t)
	o := h.onboard()
	o.answer("helen", "need", review.Approve)
	o.answer("ravi", "need", review.Approve)
	o.asked("daniel", "security-look")
	h.leaves("ravi", "daniel")
	o.asked("ines", "security-look")
	o.refused("daniel", "security-look", review.Approve, review.NotActive)
	if _, err := h.Desk.Waiting(t.Context(), as("daniel")); err == nil || !strings.Contains(err.Error(), "not for you") {
		t.Errorf("daniel looks into an inbox: %v", err)
	}
	o.answer("ines", "security-look", review.Approve)
	o.answer("ruth", "data-look", review.Approve)
	o.all("review", "jonas", "ines", "ruth", "claire", "maya", "helen")
	o.live()
	o.sealed(dossier.Live)
	o.wantTold("daniel", "asked security-look")
	if got := ballots(t, o.newest("need")); !slices.Equal(got, []string{"helen approve", "ravi approve"}) {
		t.Errorf("the answers of need are %q", got)
	}
}

// TestTwoCasesAtOnce: the same people, two vendors, two clocks, two dossiers that
// know nothing of each other.
func TestTwoCasesAtOnce(t *testing.T) { playTwoCasesAtOnce(t, newHouse) }

func playTwoCasesAtOnce(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	h := house(t)
	kestrel, heron := h.onboard(vendor("kestrel")), h.onboard(vendor("heron"))
	for _, o := range []*onboarding{kestrel, heron} {
		o.wantWaiting("helen", "need")
		o.wantWaiting("ravi", "need")
	}
	kestrel.passUntilTold("maya", "owner need")
	heron.rest()
	heron.wantTold("helen", "asked need")
	kestrel.answer("helen", "need", review.Approve)
	heron.wantWaiting("helen", "need")
	kestrel.act("ravi", review.Act{Kind: review.Recuse, Request: kestrel.newest("need").ID})
	heron.answer("ravi", "need", review.Approve) // a conflict is about one vendor
	heron.answer("helen", "need", review.Approve)
	kestrel.answer("claire", "need", review.Approve)
	for _, o := range []*onboarding{heron, kestrel} {
		o.answer("daniel", "security-look", review.Approve)
		o.answer("ruth", "data-look", review.Approve)
	}
	heron.all("review", "jonas", "daniel", "ruth", "ravi")
	kestrel.all("review", "claire", "ruth", "daniel", "jonas")
	kestrel.all("review", "maya", "helen")
	heron.all("review", "helen", "maya")
	for i, o := range []*onboarding{kestrel, heron} {
		o.live()
		v := o.sealed(dossier.Live)
		if other := []string{"heron", "kestrel"}[i]; strings.Contains(string(o.verified(v)), other) {
			t.Errorf("the dossier of %s tells of %s", o.id, other)
		}
	}
}

// TestNobodyAnswersForSixtyDays: nothing is decided, few are told few times, and
// the first answer after that counts.
func TestNobodyAnswersForSixtyDays(t *testing.T) { playNobodyAnswersForSixtyDays(t, newHouse) }

func playNobodyAnswersForSixtyDays(t *testing.T, house func(*testing.T) *house) {
	t.Parallel()
	o := house(t).onboard()
	o.asked("helen", "need")
	o.passTo(60 * day)
	v := o.view()
	r := o.newest("need")
	if v.State != dossier.Running || r.Closed != nil || len(r.Ballots) != 0 || r.Tally(v.Now(time.Now())).State != review.Open {
		t.Errorf("after 60 days of silence: %s", describe(v))
	}
	if next := o.rest(); !next.IsZero() {
		t.Errorf("the clock still wants something at %s", next)
	}
	if n := len(r.Told); n > 20 {
		t.Errorf("people were told %d times", n)
	}
	if n := v.Lines; n > 80 {
		t.Errorf("the record has %d lines", n)
	}
	for _, p := range []string{"helen", "george", "ravi", "claire"} {
		o.wantWaiting(p, "need")
	}
	out := o.answer("helen", "need", review.Approve)
	if days := out.At.Sub(v.Opened); days < 60*day {
		t.Errorf("helen's answer counts after %s, want the case's time", days)
	}
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	o.sealed(dossier.Ended)
}
