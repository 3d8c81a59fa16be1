package review_test

import (
	"testing"
	"time"

	"gangway/internal/review"
)

// TestS9Matrix: who may not decide in a matter does not, by whichever way they
// come to a seat and whichever channel they speak through.
func TestS9Matrix(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	hold := func(m *room, seat, person string) {
		h := review.Holder{Person: person, Via: review.ViaBackup, Since: monday}
		m.fold(review.Fact{Kind: review.FactSeated, Request: m.r.ID, At: monday, Seat: seat, Person: person, Holder: &h})
	}
	for _, c := range []struct {
		name string
		who  string
		does func(m *room)
		want review.Refusal // of Legal's seat answered by who
	}{
		{"the requester in a seat", "Rita", func(m *room) { hold(m, "legal", "Rita") }, review.OwnRequest},
		{"the requester without a seat", "Rita", func(*room) {}, review.OwnRequest},
		{"one person in two seats", "Security", func(m *room) {
			hold(m, "legal", "Security")
			m.counted(m.says("Security", review.Approve, inSeat("security")))
		}, review.OneSeat},
		{"somebody who declared a conflict", "Legal", func(m *room) { m.does("Legal", review.Recuse) }, review.IsRecused},
		{"the vendor's sponsor", "Vera", func(m *room) {
			m.people["Vera"] = review.Person{ID: "Vera", Employer: "acme", Active: true}
			hold(m, "legal", "Vera")
		}, review.VendorPerson},
		{"whom a recused person had passed the seat to", "Dora", func(m *room) {
			m.counted(m.passes("Legal", "Dora", "legal", monday.Add(5*day)))
			m.does("Legal", review.Recuse)
		}, review.NoSeat},
		{"somebody who left", "Legal", func(m *room) { m.people["Legal"] = review.Person{ID: "Legal"} }, review.NotActive},
		{"nobody", "", func(m *room) { m.people[""] = review.Person{Active: true} }, review.UnknownPerson},
	} {
		for _, channel := range []string{"web", "cli", "slack", "mail"} {
			m := gather(t, policy(all("legal", "security")))
			m.now = tuesday
			c.does(m)
			out := m.says(c.who, review.Approve, inSeat("legal"), func(a *review.Answer) { a.Channel = channel })
			if out.Status != review.Refused || out.Refusal != c.want {
				t.Errorf("%s, by %s: %s %s, want %s", c.name, channel, out.Status, out.Refusal, c.want)
			}
			if m.r.Standing("legal") != nil {
				t.Errorf("%s, by %s: the seat is filled", c.name, channel)
			}
		}
	}
}

// TestS9NobodyPassesASeatToWhoMayNotHoldIt: the approver as the requester's
// delegate, and the requester or the vendor as the approver's.
func TestS9NobodyPassesASeatToWhoMayNotHoldIt(t *testing.T) {
	t.Parallel()
	until := monday.Add(5 * 24 * time.Hour)
	m := gather(t, policy(all("legal", "security")))
	m.people["Vera"] = review.Person{ID: "Vera", Employer: "acme", Active: true}
	for _, to := range []string{"Rita", "Vera"} {
		m.refused(m.passes("Legal", to, "legal", until), review.BadDelegate)
	}
	m.does("Security", review.Recuse)
	m.refused(m.passes("Legal", "Security", "legal", until), review.BadDelegate)
	m.refused(m.passes("Rita", "Dora", "legal", until), review.OwnRequest)
}

func inSeat(seat string) func(*review.Answer) { return func(a *review.Answer) { a.Seat = seat } }
