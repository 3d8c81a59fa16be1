package workflows

import (
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// fiveYears is what becomes of six backups and two waivers: two backups run out on one
// day, one is prolonged twice, of one the word is refused and comes again, about one the
// vendor is silent, and it is waived until the owner files what shows that it is gone. One
// waiver is given again and ends early, the other ends with what the owner shows.
func fiveYears(c *care) {
	for row, days := range map[string]int{"1:backup-1": 90, "1:backup-2": 90, "2:backup-1": 400, "1:backup-3": 900, "1:backup-4": 1300, "1:backup-5": 1800} {
		c.backup("data-return/acme/"+row, days)
	}
	slices.SortFunc(c.in.Backups, func(a, b exit.Backup) int { return a.On.Compare(b.On)*2 + slices.Compare([]byte(a.ID), []byte(b.ID)) })
	c.waived("revocation/acme/1:tokens", 365)
	c.waived("data-return/acme/1:returned", 500)
	c.estate.dim[inventory.PlaceTokens] = entitlement.DoubtHidden
	ends := func(day float64, gone int, answers ...review.Verdict) {
		for i, v := range answers {
			c.after(day+float64(i*3)+1, func() { c.gone("acme.1", gone) })
			c.after(day+float64(i*3)+2, func() { c.takes(v) })
		}
	}
	ends(90, 90, review.Approve)
	c.after(363, func() { c.settles(playbook.ChoreLapsed, playbook.LookAgain) }) // hidden still
	c.waivesOnce(364, playbook.ChoreLapsed, 1000)
	ends(400, 700, review.Approve) // prolonged
	c.after(501, func() { c.settles(playbook.ChoreLapsed, playbook.LookAgain) })
	c.after(502, func() {
		c.answer("owner-ola", playbook.ChoreShown, review.Delivered, deliver(c.text("letter", "it came")))
	})
	c.after(503, func() { c.answer("sponsor-sue", playbook.ChoreShown+acceptSuffix, review.Approve) })
	ends(700, 760, review.Approve) // once more
	ends(760, 759, review.Approve)
	ends(900, 900, review.Changes, review.Approve)
	c.after(999, func() { // a day before its waiver ends
		c.estate.byHand(func() { clear(c.estate.dim) })
		c.settles(playbook.ChoreLapsed, playbook.LookAgain)
	})
	c.waivesOnce(1320, playbook.ChoreNoBackup, 1600)
	c.after(1601, func() { c.gone("owner-ola", 1400, forVendor) })
	c.after(1602, func() { c.takes(review.Approve) })
	ends(1800, 1800, review.Approve)
}

// Five years after an exit: every backup is asked about on its day and once, a prolonged
// one on each day that the vendor gave; the owner hears of each day and each end of a
// waiver in the days before it, and of nothing else; whether or not every wake begins a
// new run.
func TestAftercareFiveYears(t *testing.T) {
	c := sameCare(t, fiveYears)
	if c.out.Result != ResultDone || len(c.out.Matters) != 8 {
		t.Errorf("%+v", c.out)
	}
	if d := c.last(); d < 1801 || d > 1803 {
		t.Errorf("it ended on day %d", d)
	}
	if got := c.openedOn(exit.DoesBackup); !slices.Equal(got, []int{90, 400, 700, 760, 900, 902, 1300, 1800}) {
		t.Errorf("the vendor was asked on the days %v", got)
	}
	inTime := func(step string, ends ...int) {
		got := c.openedOn(step)
		if len(got) != len(ends) {
			t.Errorf("%s was asked on the days %v for what ended on %v", step, got, ends)
			return
		}
		for i, day := range got {
			if early := ends[i] - day; early < 1 || early > 9 {
				t.Errorf("%s was asked %d days before the day %d", step, early, ends[i])
			}
		}
	}
	inTime(playbook.ChoreRunsOut, 90, 400, 700, 760, 900, 1300, 1800)
	inTime(playbook.ChoreSettle+"-"+playbook.ChoreLapsed, 365, 366, 500, 1000) // the second after what was looked at
	if got := c.openedOn(playbook.ChoreSettle + "-" + playbook.ChoreNoBackup); len(got) != 2 || got[0] < 1308 || got[0] > 1312 || got[1] >= 1600 || got[1] < 1594 {
		t.Errorf("the silence was brought up on the days %v", got)
	}
	if n := len(c.almanac.from); n < 4 || n > 5 {
		t.Errorf("%d calendars were made", n)
	}
	if n := len(c.rec.entries); n > 5*60 {
		t.Errorf("%d entries were made in five years", n)
	} else {
		t.Logf("%d entries, %d notices, %d activities of the last run, %d runs", n, len(c.rec.notices), len(c.seen.inputs), c.runs+1)
	}
}

// last is the day on which the case was closed.
func (c *care) last() int { return int(c.view().Closed.Sub(monday) / (24 * time.Hour)) }

// A backup that the vendor prolongs is never called done by that, whoever accepts it, and
// the record says since when it is followed to which day, and on whose word.
func TestAProlongedBackupIsNotDone(t *testing.T) {
	c := newCare(t, false)
	c.backup("data-return/acme/1:backup-1", 30)
	c.after(31, func() { c.gone("acme.1", 200) })
	c.after(32, func() { c.takes(review.Changes) }) // we do not let it be
	c.after(33, func() { c.gone("acme.1", 100) })
	c.after(34, func() { c.takes(review.Approve) })
	c.after(99, func() {
		if got := c.openedOn(exit.DoesBackup); !slices.Equal(got, []int{30, 32}) {
			t.Errorf("the vendor was asked on the days %v", got)
		}
	})
	c.after(101, func() { c.gone("acme.1", 101) }) // today there; here it is the evening before
	c.after(102, func() { c.takes(review.Approve) })
	c.lives()
	wantMatter(t, c.out, "backup-1", exit.StateDone)
	var said []string
	for _, e := range c.rec.of(dossier.MatterSettled) {
		if d := e.Detail; len(d.Values) > 0 || d.Result == string(exit.StateDone) {
			said = append(said, d.Result+" "+d.By+" "+d.Ends.Format(time.DateOnly))
		}
	}
	if want := []string{"open privacy-pia " + monday.AddDate(0, 0, 100).Format(time.DateOnly), "done privacy-pia 0001-01-01"}; !slices.Equal(said, want) {
		t.Errorf("the record says %q, want %q", said, want)
	}
}

// What the vendor prolongs while it is waived takes the waiver's place; nobody is asked
// about the day that is past.
func TestAWaivedBackupThatIsProlonged(t *testing.T) {
	c := newCare(t, false)
	c.backup("data-return/acme/1:backup-1", 30)
	c.backup("data-return/acme/1:backup-2", 30)
	c.waivesOnce(45, playbook.ChoreNoBackup, 300, "backup-1")
	c.after(46, func() { c.settles(playbook.ChoreNoBackup, playbook.AskVendor, telling) }) // about the other
	c.after(47, func() { c.gone("acme.1", 80) })
	c.after(48, func() { c.takes(review.Approve) })
	c.after(81, func() { c.gone("acme.1", 80) })
	c.after(82, func() { c.takes(review.Approve) })
	c.lives()
	for _, name := range []string{"backup-1", "backup-2"} {
		wantMatter(t, c.out, name, exit.StateDone)
	}
	if d := c.last(); d != 82 {
		t.Errorf("it ended on day %d", d)
	}
	if n := len(c.rec.of(dossier.SentToVendor)); n != 1 {
		t.Errorf("the vendor was sent %d words", n)
	}
}

// Nobody answers anything: each day is told of once before it, the vendor is asked on it,
// and the owner once when it is overdue. Silence decides nothing.
func TestAnAftercareThatNobodyAnswers(t *testing.T) {
	c := newCare(t, false)
	c.backup("data-return/acme/1:backup-1", 30)
	c.waived("revocation/acme/1:tokens", 60)
	c.after(400, func() {
		for step, want := range map[string]int{playbook.ChoreRunsOut: 1, exit.DoesBackup: 1, "settle-" + playbook.ChoreNoBackup: 1, "settle-" + playbook.ChoreLapsed: 1} {
			if got := c.openedOn(step); len(got) != want {
				t.Errorf("%s was asked on the days %v", step, got)
			}
		}
		c.act(careID, "owner-ola", review.Withdraw)
	})
	c.lives()
	wantMatter(t, c.out, "backup-1", exit.StateFailed)
	wantMatter(t, c.out, "revocation/acme/1:tokens", exit.StateNotCheckable)
	if c.out.Result != ResultWithdrawn {
		t.Error(c.out.Result)
	}
	if told := c.told("owner-ola"); len(told) > 12 {
		t.Errorf("the owner was told %q", told)
	}
}
