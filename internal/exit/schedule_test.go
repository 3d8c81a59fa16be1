package exit

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawWanted is any plan: steps of every purpose, days that reach or do not, notice that
// is known or is not.
func drawWanted(t *rapid.T) Wanted {
	all := slices.Concat(slices.Concat(stages()...), []string{DoesMoney, DoesChecked, DoesBackup, "of-a-later-release"})
	piece := rapid.Custom(func(t *rapid.T) Piece {
		p := Piece{Does: rapid.SampledFrom(all).Draw(t, "does"), Days: rapid.IntRange(0, 40).Draw(t, "days"),
			Part: rapid.SampledFrom([]string{PartExit, PartTransfer, PartHandover}).Draw(t, "part")}
		if rapid.Bool().Draw(t, "limited") {
			p.Kinds = []AssetKind{rapid.SampledFrom(AssetKinds()).Draw(t, "of")}
		}
		p.Step = rapid.StringMatching(`[a-z]{3}`).Draw(t, "id")
		return p
	})
	w := Wanted{From: at(), Asked: rapid.SliceOfN(piece, 0, 12).Draw(t, "asked"), Omitted: rapid.SliceOfN(piece, 0, 4).Draw(t, "omitted"),
		Notice: Notice{Known: rapid.Bool().Draw(t, "known"), Days: rapid.IntRange(-1, 120).Draw(t, "notice")}}
	w.By = at().Add(time.Duration(rapid.IntRange(-10*24, 200*24).Draw(t, "hours")) * time.Hour)
	if rapid.Bool().Draw(t, "arrived") {
		w.Notice.Arrived = at().Add(time.Duration(rapid.IntRange(-90*24, 0).Draw(t, "ago")) * time.Hour)
	}
	who := rapid.SampledFrom([]string{"", "ann", "ben"})
	w.Areas = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Area { return Area{ID: "area", Receiver: who.Draw(t, "who")} }), 0, 30).Draw(t, "areas")
	w.Assets = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Asset {
		return Asset{ID: "asset", Kind: rapid.SampledFrom(AssetKinds()).Draw(t, "kind")}
	}), 0, 9).Draw(t, "assets")
	return w
}

// Counted back from the day, nothing is due before today and nothing after it, what comes
// later in the exit is never due earlier, and no step has more time than it wants. Where
// the days reach, nothing is shortened but what notice brings forward.
func TestMilestonesAreCountedBackFromTheDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWanted(t)
		s := w.Schedule()
		last := w.From
		if w.By.After(last) {
			last = w.By
		}
		for _, m := range s.Milestones {
			if m.On.Before(w.From) || m.On.After(last) || m.Days < 0 || m.Days > m.Wanted {
				t.Fatalf("from %s to %s: %+v", w.From, w.By, m)
			}
		}
		asked := slices.DeleteFunc(slices.Clone(w.Asked), func(p Piece) bool { return stageOf(p.Does) < 0 })
		if len(asked) != len(s.Milestones) {
			t.Fatalf("%d milestones of %d steps", len(s.Milestones), len(asked))
		}
		long := make([]int, len(stages()))
		for i, p := range asked {
			long[stageOf(p.Does)] = max(long[stageOf(p.Does)], p.Days)
			for j, q := range asked {
				a, b := s.Milestones[i], s.Milestones[j]
				if stageOf(p.Does) < stageOf(q.Does) && a.On.After(b.On) || stageOf(p.Does) == stageOf(q.Does) && !a.On.Equal(b.On) {
					t.Fatalf("%+v and %+v", a, b)
				}
			}
		}
		whole := 0
		for _, n := range long {
			whole += n
		}
		if left, wants := w.Days(); left != w.left() || wants != whole {
			t.Fatalf("%d of %d days, want %d of %d", left, wants, w.left(), whole)
		}
		for i, p := range asked {
			m := s.Milestones[i]
			if whole <= w.left() && m.Days < m.Wanted && stageOf(p.Does) > stageOf(DoesNotice) {
				t.Fatalf("%d days reach for %d, and %+v is shortened", w.left(), whole, m)
			}
			if stageOf(p.Does) == len(stages())-1 && w.left() > 0 && w.By.Sub(m.On) >= day {
				t.Fatalf("the last is due on %s of %s", m.On, w.By)
			}
		}
	})
}

// Where the days do not reach, every stage has its part of them: a stage that wants twice
// as long has twice as long, within a day.
func TestDaysThatDoNotReachAreSharedOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := Wanted{From: at()}
		whole := 0
		for i, does := range stages() {
			n := rapid.IntRange(1, 60).Draw(t, "days")
			w.Asked = append(w.Asked, Piece{Step: string(rune('a' + i)), Part: PartExit, Does: does[0], Days: n})
			whole += n
		}
		left := rapid.IntRange(0, whole-1).Draw(t, "left")
		w.By = w.From.Add(time.Duration(left) * day)
		sum := 0
		for _, m := range w.Schedule().Milestones {
			if exact := float64(left) * float64(m.Wanted) / float64(whole); float64(m.Days) < exact-1 || float64(m.Days) > exact+1 {
				t.Fatalf("%+v of %d days for %d", m, left, whole)
			}
			sum += m.Days
		}
		if sum != left {
			t.Fatalf("%d days are shared out as %d", left, sum)
		}
	})
}

// Notice is due early enough for the contract's period, whatever else there is time for;
// where even today is too late it is said, and until when the contract then binds.
func TestTheNoticePeriodIsKeptOrSaidToBeImpossible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWanted(t)
		w.Asked = append(w.Asked, Piece{Step: "tell", Part: PartExit, Does: DoesNotice, Days: 3})
		s := w.Schedule()
		m := s.Milestones[slices.IndexFunc(s.Milestones, func(m Milestone) bool { return m.Step == "tell" })]
		arrives := w.Notice.Arrived
		if arrives.IsZero() {
			arrives = w.From
		}
		by := w.By.AddDate(0, 0, -max(w.Notice.Days, 0))
		switch {
		case !w.Notice.Known:
			if s.Notice != NoticeUnknown || !s.Binds.IsZero() || !s.NoticeBy.IsZero() {
				t.Fatalf("%+v", s)
			}
		case arrives.Truncate(day).After(by):
			if s.Notice != NoticeLate || !s.Binds.After(w.By) {
				t.Fatalf("notice of %d days on %s for %s is %q, binding to %s", w.Notice.Days, arrives, w.By, s.Notice, s.Binds)
			}
		default:
			if s.Notice != NoticeInTime || !s.NoticeBy.Equal(by) || w.Notice.Arrived.IsZero() && !by.Before(w.From) && m.On.After(by) {
				t.Fatalf("notice is due on %s, and must arrive by %s: %+v", m.On, by, s)
			}
		}
	})
}

// More days never give up more: whatever can pass over by a day can by any later one, and
// what is given up says why, and is nothing that nobody named.
func TestMoreDaysGiveUpNoMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWanted(t)
		for i := range w.Areas {
			w.Areas[i].ID = "area-" + string(rune('a'+i))
		}
		for i := range w.Assets {
			w.Assets[i].ID = "asset-" + string(rune('a'+i))
		}
		later := w
		later.By = w.By.AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "more"))
		named := func(all []GivenUp) (ids []string) {
			for _, g := range all {
				if g.How == NotByThen {
					ids = append(ids, g.ID)
				}
				if g.ID == "" || g.Why == "" || g.How == Shortened && g.Days >= g.Wanted || g.Why == WhyTime && g.Days >= g.Wanted {
					t.Fatalf("%+v", g)
				}
			}
			return ids
		}
		before := named(w.Schedule().GivenUp)
		for _, id := range named(later.Schedule().GivenUp) {
			if !slices.Contains(before, id) {
				t.Fatalf("%s can pass over by %s, and not by %s", id, w.By, later.By)
			}
		}
	})
}

// A plan of weeks that has to be done in nine days: the sessions that are not held are
// named, a receiver with four areas learns as many as there are days for, a domain takes
// its five days and people who move their twenty-eight.
func TestWhatNineDaysGiveUp(t *testing.T) {
	t.Parallel()
	w := Wanted{From: at(), By: at().AddDate(0, 0, 9), Notice: Notice{Known: true, Days: 30},
		Asked: []Piece{{Step: "tell", Part: PartExit, Does: DoesNotice, Days: 3}, {Step: "show", Part: PartTransfer, Does: DoesShown, Days: 10},
			{Step: "learned", Part: PartTransfer, Does: DoesReceived, Days: 3}, {Step: "hand", Part: PartHandover, Does: DoesHand, Days: 14},
			{Step: "look", Part: PartHandover, Does: DoesVerify, Days: 5}, {Step: "secrets", Part: PartHandover, Does: DoesTake, Days: 3, Kinds: []AssetKind{AssetSecret}}},
		Omitted: []Piece{{Step: "session", Part: PartTransfer, Does: DoesSession, Days: 14}},
		Areas:   []Area{{ID: "a1", Receiver: "ann"}, {ID: "a2", Receiver: "ann"}, {ID: "a3", Receiver: "ann"}, {ID: "a4", Receiver: "ann"}, {ID: "a5", Receiver: "ann"}, {ID: "b1", Receiver: "ben"}},
		Assets:  []Asset{{ID: "name", Kind: AssetDomain}, {ID: "crew", Kind: AssetStaff}, {ID: "code", Kind: AssetRepository}}}
	s := w.Schedule()
	if s.Notice != NoticeLate || !s.Binds.Equal(at().AddDate(0, 0, 30)) {
		t.Errorf("notice of thirty days is %+v", s)
	}
	want := []GivenUp{{What: GivesStep, ID: "session", Part: PartTransfer, How: LeftOut, Why: WhyMode, Wanted: 14}}
	for _, m := range s.Milestones {
		if m.Days < m.Wanted {
			want = append(want, GivenUp{What: GivesStep, ID: m.Step, Part: m.Part, How: Shortened, Why: WhyTime, Wanted: m.Wanted, Days: m.Days})
		}
	}
	if len(want) != 7 {
		t.Errorf("shortened are %+v", want)
	}
	want = append(want, GivenUp{What: GivesArea, ID: "a5", Part: PartTransfer, How: NotByThen, Why: WhyReceiver, Wanted: 2, Days: 1},
		GivenUp{What: GivesAsset, ID: "crew", Part: PartHandover, How: NotByThen, Why: WhyPeriod, Wanted: 28, Days: 9})
	if !slices.Equal(s.GivenUp, want) {
		t.Errorf("given up are %+v", s.GivenUp)
	}
}
