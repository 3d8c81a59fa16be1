package workflows

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
)

// TestTheRecordNamesTheDayOfThePreview: whatever the contract and at whatever hour the exit
// begins, its record names the last day of notice that was shown before it was asked for,
// and notice never waits for a ratification past the one that ends the contract.
func TestTheRecordNamesTheDayOfThePreview(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		now := monday.Add(time.Duration(rapid.IntRange(0, 24*400).Draw(r, "hours")) * time.Hour)
		by := now.Truncate(day).AddDate(0, 0, rapid.IntRange(0, 900).Draw(r, "by"))
		e := engagement.Expiry{NoticeDays: rapid.IntRange(-2, 200).Draw(r, "days"), Renews: rapid.Bool().Draw(r, "goes on"), RenewMonths: rapid.IntRange(0, 14).Draw(r, "months")}
		if rapid.IntRange(0, 5).Draw(r, "ends") > 0 {
			e.On = monday.Truncate(day).AddDate(0, 0, rapid.IntRange(0, 900).Draw(r, "on"))
		}
		known := !e.On.IsZero() && rapid.IntRange(0, 5).Draw(r, "known") > 0
		x := &departing{in: ExitInput{Expiry: e, NoticeUnknown: !known}, order: exit.Order{By: by}}
		shown, said := dossier.DatesOf(e, known, now.Truncate(day), by), x.dates(now).Entry()
		if !said.Due.Equal(shown.NoticeBy) || (said.Result == exit.NoticeUnknown) != !known {
			t.Fatalf("shown was %+v, and the record says %+v", shown, said)
		}
		if at := x.noticePresses(now); at.IsZero() == known || known && !at.Equal(shown.LastNotice.AddDate(0, 0, -1)) {
			t.Fatalf("notice presses from %v, and the last day is %v", at, shown.LastNotice)
		}
	})
}
