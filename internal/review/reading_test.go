package review_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/review"
)

func readAll(r *review.Request) { r.ReadAll = true }

func reads(ranges ...string) func(*review.Answer) {
	return func(a *review.Answer) { a.Read = ranges }
}

// text brings the next version of a document with these sections.
func (m *room) text(sections, changed []string, touched ...review.Touch) {
	m.fold(review.Fact{Kind: review.FactVersion, Request: m.r.ID, At: m.now, Version: &review.Version{
		Number: m.r.Current() + 1, Document: "d", At: m.now, Sections: sections, Changed: changed, Touched: touched}})
}

func (m *room) readsMore(name string, version int, ranges ...string) review.Outcome {
	m.t.Helper()
	return m.does(name, review.Read, func(a *review.Act) { a.Version, a.Sections = version, ranges })
}

func (m *room) unread(want ...string) {
	m.t.Helper()
	if got := m.r.Tally(m.now).Unread; !slices.Equal(got, want) {
		m.t.Errorf("unread: %v, want %v", got, want)
	}
}

var fourSections = []string{"1", "2", "3", "annex-a"}

// TestWhatNobodyReadBlocks: everybody has approved, and one section was read by
// nobody.
func TestWhatNobodyReadBlocks(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")), readAll)
	m.text(fourSections, nil)
	m.unread(fourSections...)
	m.counted(m.says("Legal", review.Approve, reads("1-2")))
	out := m.says("Security", review.Approve, reads("annex-a"))
	m.counted(out)
	m.is(review.Open)
	m.unread("3")
	if tally := m.r.Tally(m.now); tally.Group != 0 || tally.Groups[0].State != review.Open || tally.Groups[0].Approved != 2 {
		t.Errorf("the group that reads is %+v", tally)
	}
	m.now = saturday // after the due date too
	m.is(review.Open)
	m.refused(m.readsMore("Mallory", 1, "3"), review.NoSeat)
	m.refused(m.readsMore("Security", 1, "4"), review.NoSection)
	m.refused(m.readsMore("Security", 1, "2-4"), review.NoSection)
	m.refused(m.readsMore("Security", 1), review.NoSection)
	m.refused(m.readsMore("Security", 2, "3"), review.NoVersion)
	m.refused(m.readsMore("Rita", 1, "3"), review.OwnRequest)
	m.counted(m.readsMore("Security", 1, "3"))
	m.is(review.Met)
	m.unread()
}

func TestReadingMoreIsDoneOnce(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll)
	m.text(fourSections, nil)
	act := review.Act{ID: "again", Kind: review.Read, Request: m.r.ID, Version: 1, Sections: []string{"1"}, Person: m.person("Legal"), Channel: "web"}
	m.counted(m.perform(act))
	if out := m.perform(act); out.Status != review.Already || out.Seat != "legal" || out.By != "Legal" || len(m.r.Reads) != 1 {
		t.Errorf("again: %+v, %d readings", out, len(m.r.Reads))
	}
	var twice review.Request
	for _, f := range m.facts {
		twice.Apply(f)
		twice.Apply(f)
	}
	if d := cmp.Diff(m.r.Reads, twice.Reads); d != "" {
		t.Errorf("folded twice (-once +twice):\n%s", d)
	}
	if d := cmp.Diff(m.r, throughJSON(t, m.r)); d != "" {
		t.Errorf("through JSON (-before +after):\n%s", d)
	}
	copied := m.r.Clone()
	copied.Reads[0].Read[0], copied.Versions[0].Sections[0] = "2", "2"
	if m.r.Reads[0].Read[0] != "1" || m.r.Versions[0].Sections[0] != "1" {
		t.Error("a clone shares what was read")
	}
}

// TestWhatWasReadCarriesOver: to the next version, but for what changed in it or in
// any between.
func TestWhatWasReadCarriesOver(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll)
	m.text(fourSections, nil)
	m.counted(m.says("Legal", review.Changes, reads("all")))
	m.unread()
	m.text([]string{"1", "2", "3", "4", "annex-a"}, []string{"2", "4"}, review.Touch{Version: 1, Seats: []string{"legal"}})
	m.unread("2", "4")
	m.text([]string{"1", "2", "4", "annex-a"}, []string{"annex-a"}, review.Touch{Version: 1, Seats: []string{"legal"}}, review.Touch{Version: 2})
	m.unread("2", "4", "annex-a") // changed in the version between
	m.counted(m.says("Legal", review.Approve, reads("2"), forVersion(2)))
	m.unread("4", "annex-a")
	m.is(review.Open)
	m.counted(m.readsMore("Legal", 3, "4-annex-a"))
	m.is(review.Met)
	m.text(nil, nil, review.Touch{Version: 3}, review.Touch{Version: 2}) // nobody knows its sections
	m.unread("all")
	m.text(fourSections, nil, review.Touch{Version: 4}, review.Touch{Version: 3}, review.Touch{Version: 2})
	m.unread(fourSections...)
}

// TestASectionThatWasGoneIsReadAnew: nobody can say that it is the same.
func TestASectionThatWasGoneIsReadAnew(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll)
	same := []review.Touch{{Version: 1}, {Version: 2}}
	m.text([]string{"1", "2"}, nil)
	m.counted(m.says("Legal", review.Approve, reads("all")))
	m.text([]string{"1"}, nil, same...)
	m.is(review.Met)
	m.text([]string{"1", "2"}, nil, same...)
	m.unread("2")

	whole := gather(t, policy(all("legal")), readAll)
	whole.text(nil, nil)
	whole.counted(whole.says("Legal", review.Approve, reads("all")))
	whole.text([]string{"all", "1"}, nil, same...) // a section of that name is another thing
	whole.unread("all", "1")
}

// TestWhoCountsAsAReader: not who took it back, nor who has a conflict.
func TestWhoCountsAsAReader(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal", "security")), readAll)
	m.text(fourSections, nil)
	m.counted(m.says("Legal", review.Approve, reads("all")))
	m.counted(m.does("Legal", review.TakeBack))
	m.unread(fourSections...)
	m.counted(m.says("Legal", review.Approve, reads("1")))
	m.counted(m.readsMore("Legal", 1, "2-3"))
	m.unread("annex-a")
	m.counted(m.does("Legal", review.Recuse))
	m.unread(fourSections...)
	m.refused(m.readsMore("Legal", 1, "all"), review.IsRecused)
	m.counted(m.says("Security", review.Reject, reads("all"))) // a reader too
	m.unread()
}

// TestOnlyTheLastGroupWaitsForReaders: what is unread holds no group before it up.
func TestOnlyTheLastGroupWaitsForReaders(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal"), anyOf("board", "ceo")), readAll)
	m.text(fourSections, nil)
	m.counted(m.says("Legal", review.Approve))
	if tally := m.r.Tally(m.now); tally.Group != 1 {
		t.Errorf("group %d is asked", tally.Group)
	}
	m.counted(m.says("Board", review.Approve, reads("all")))
	m.is(review.Met)
	m.counted(m.does("Board", review.TakeBack))
	m.counted(m.says("Board", review.Approve, reads("1-3")))
	m.is(review.Open)
	m.counted(m.says("Ceo", review.Approve, reads("annex-a"))) // whom the others left out may read as well
	m.is(review.Met)
}

func TestNobodyLeftToRead(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll)
	m.text(fourSections, nil)
	m.counted(m.says("Legal", review.Approve))
	m.fold(review.Fact{Kind: review.FactUnseated, Request: m.r.ID, At: m.now, Seat: "legal", Person: "Legal"})
	m.is(review.Vacant)
	m.counted(m.readsMore("Legal", 1, "all")) // who answered may still say what they read
	m.is(review.Met)
}

func TestReadingKeepsToTheChannelAndTheSide(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll, func(r *review.Request) { r.Browser = true })
	m.text(fourSections, nil)
	by := func(channel string) func(*review.Act) {
		return func(a *review.Act) { a.Channel, a.Version, a.Sections = channel, 1, []string{"all"} }
	}
	m.refused(m.does("Legal", review.Read, by("slack")), review.NeedsBrowser)
	m.counted(m.does("Legal", review.Read, by("cli")))
	m = gather(t, policy(all("legal")), readAll, func(r *review.Request) { r.MailComments = true })
	m.text(fourSections, nil)
	m.refused(m.does("Legal", review.Read, by("mail")), review.CommentsOnly)
	m.counted(m.does("Legal", review.Read, by("slack")))
	m.closes("decided")
	m.refused(m.does("Legal", review.Read, by("web")), review.Closed)

	v := asksVendor(t, readAll)
	v.text(fourSections, nil)
	v.refused(v.readsMore("Vera", 1, "all"), review.VendorPerson)

	f := asksVendor(t, readAll)
	f.text(fourSections, nil)
	f.counted(f.says("Olga", review.Delivered, forVendor, withDocument))
	f.refused(f.readsMore("Olga", 1, "all"), review.NoSeat) // the seat in whose place she filed is not hers

	old := gather(t, policy(all("legal")))
	old.text(fourSections, nil)
	old.refused(old.readsMore("Legal", 1, "all"), review.WrongAct)
	old.unread()
	old.refused(old.says("Legal", review.Approve, reads("9")), review.NoSection)
	out := old.says("Legal", review.Approve, reads("1", "8-9"))
	old.refused(out, review.NoSection)
	if !slices.Equal(out.Missing, []string{"8-9"}) {
		t.Errorf("told %v", out.Missing)
	}
	old.counted(old.says("Legal", review.Approve, reads("1")))
	old.is(review.Met)
}

// TestADocumentWithoutSectionsIsReadAsAWhole: fail closed, and sayable.
func TestADocumentWithoutSectionsIsReadAsAWhole(t *testing.T) {
	t.Parallel()
	m := gather(t, policy(all("legal")), readAll)
	m.unread("all")
	m.refused(m.says("Legal", review.Approve, reads("1")), review.NoSection)
	m.counted(m.says("Legal", review.Approve))
	m.is(review.Open)
	m.counted(m.readsMore("Legal", 0, "all"))
	m.is(review.Met)
}
