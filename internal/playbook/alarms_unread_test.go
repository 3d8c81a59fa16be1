package playbook

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

// TestAlarmsOfUnreadSections: once everybody who is needed agreed, whoever holds a seat
// is reminded of what nobody has read, then the owner; counted from the last answer.
func TestAlarmsOfUnreadSections(t *testing.T) {
	t.Parallel()
	reading := func() *review.Request {
		r := askedTwo()
		r.ReadAll, r.Versions = true, []review.Version{{Number: 1, Sections: []string{"1", "2", "3"}}}
		return r
	}
	read := func(seat, person string, at time.Time, sections ...string) review.Fact {
		f := answerFact(seat, person, review.Approve, at)
		f.Ballot.Version, f.Ballot.Read = 1, sections
		return f
	}
	wish := read("legal", "lee", atDay(2, 9))
	wish.Ballot.Verdict = review.Changes
	both := []review.Fact{read("finance", "fay", atDay(1, 9), "1"), read("legal", "lee", atDay(2, 9), "2")}
	again := []string{"7.09 due  ", "4.09 unread legal lee", "4.09 unread finance fay", "11.09 unread  "}
	for name, c := range map[string]struct {
		facts []review.Fact
		now   time.Time
		want  []string
	}{
		"one has not answered":   {both[:1], atDay(1, 9), []string{"7.09 due  ", "2.09 reminder legal lee", "3.09 backup legal ", "8.09 manager legal ", "9.09 owner  "}},
		"all agreed":             {both, atDay(2, 9), again},
		"some of it was read":    {append(both[:2:2], review.Fact{Kind: review.FactRead, Seat: "legal", Person: "lee", At: atDay(2, 9), Answer: "more", Ballot: &review.Ballot{Answer: "more", Seat: "legal", Person: "lee", Version: 1, Read: []string{"2"}}}), atDay(2, 9), again},
		"reminded once":          {append(both[:2:2], toldFact("legal", "lee", WhyUnread, atDay(3, 9)), toldFact("finance", "fay", WhyUnread, atDay(3, 9))), atDay(3, 9), []string{"7.09 due  ", "8.09 unread legal lee", "8.09 unread finance fay", "11.09 unread  "}},
		"the owner knows":        {append(both[:2:2], toldFact("", "ola", WhyUnread, atDay(10, 9)), toldFact("legal", "lee", WhyUnread, atDay(3, 9)), toldFact("legal", "lee", WhyUnread, atDay(5, 9)), toldFact("finance", "fay", WhyUnread, atDay(3, 9)), toldFact("finance", "fay", WhyUnread, atDay(5, 9))), atDay(10, 9), nil},
		"everything was read":    {append(both[:1:1], read("legal", "lee", atDay(2, 9), "2-3")), atDay(2, 9), nil},
		"one wants changes":      {append(both[:1:1], wish), atDay(2, 9), nil},
		"whoever left can't":     {append(both[:2:2], review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "lee", At: atDay(2, 9)}), atDay(2, 9), []string{"7.09 due  ", "4.09 unread finance fay", "11.09 unread  "}},
		"nobody is left to read": {append(both[:2:2], review.Fact{Kind: review.FactUnseated, Seat: "legal", Person: "lee", At: atDay(2, 9)}, review.Fact{Kind: review.FactUnseated, Seat: "finance", Person: "fay", At: atDay(2, 9)}), atDay(2, 9), []string{"7.09 due  ", "11.09 unread  "}},
	} {
		r := reading()
		r.Fold(c.facts)
		if d := cmp.Diff(c.want, alarmsOf(r, alarmDeadlines(), c.now)); d != "" {
			t.Errorf("%s (- want, + got):\n%s", name, d)
		}
	}
}
