package desk

import (
	"testing"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// TestTheOwnerFilesAFormForTheVendor: what came by post or on the telephone is the form
// that was asked for; who said it and how it came is a reason that it can't do without,
// and neither is a word of it in a payload.
func TestTheOwnerFilesAFormForTheVendor(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	form := l.wantsAs(l.root, "security", func(r *review.Request) { asForm(r); r.Kind = review.Delivery }, l.ann)
	filed := func(id, person, why string) review.Answer {
		a := fills(id, person, form)
		a.Verdict, a.ForVendor, a.Text.Inside = review.Delivered, true, why
		return a
	}
	same(t, "without a source", review.NeedsSource, l.answers(filed("f-1", "olga", "")).Refusal)
	same(t, "who sees nothing of it", review.Unknown, l.answers(filed("f-2", "lena", planted+" on the telephone")).Refusal)
	out := l.answers(filed("f-3", "olga", "Said by "+planted+" Ann; on the telephone"))
	same(t, "counted", []any{review.Counted, "vendor"}, []any{out.Status, out.Seat})
	sheet, b := l.sheetIn("f-3")
	if !b.ForVendor || b.Person != "olga" || b.Written.Inside == "" {
		t.Errorf("the record has %+v", b)
	}
	if i := 1; len(sheet.Lines) < 2 || sheet.Lines[i].Finding.Point != "mfa" || sheet.Lines[i].Finding.Choices[0] != engagement.Yes {
		t.Errorf("filed were %+v", sheet.Lines)
	}
	for _, task := range l.tasks(l.ann) {
		if task.Request == form && (len(task.Deliveries) != 1 || !task.Deliveries[0].ForVendor || len(task.Deliveries[0].Papers) != 0) {
			t.Errorf("the vendor sees of it %+v", task.Deliveries)
		}
	}
}
