package workflows

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// shows reports whose points a person may see of a request.
func shows(r review.Request, person string, now time.Time) []string {
	var whose []string
	for _, b := range r.SeenBy(person, now).Ballots {
		if len(b.Scores) > 0 {
			whose = append(whose, b.Person)
		}
	}
	return whose
}

// Until all have scored everybody sees that others have, and none of their points;
// then everybody sees all of them at once, and an entry says so.
func TestPilotBlindUntilAllHaveScored(t *testing.T) {
	s := begun(t)
	everybody := []string{"ops-olga", "users-uma", "it-ida", "board-bea", "owner-ola", "requester-rae", "backup-bo", "acme.1"}
	blind := func(scored ...string) {
		r := s.open("points")
		for _, p := range everybody {
			var want []string
			if slices.Contains(scored, p) {
				want = []string{p}
			}
			if got := shows(r, p, s.env.Now()); !slices.Equal(got, want) {
				t.Errorf("%s sees the points of %v", p, got)
			}
			if seen := r.SeenBy(p, s.env.Now()); len(seen.Ballots) != len(scored) || seen.Ballots[0].Person != scored[0] {
				t.Errorf("%s does not see who has scored: %+v", p, seen.Ballots)
			}
		}
		if n := len(s.rec.of(dossier.ScoresOpened)); n != 0 {
			t.Errorf("the scores were opened %d times", n)
		}
	}
	s.on(10*day, func() {
		s.refused(s.answer("ops-olga", "points", review.Scored), review.NeedsScores)
		s.refused(s.scores("ops-olga", 6, 1, 1), review.NeedsScores)
		s.scores("ops-olga", 1, 2, 3)
	})
	s.on(10*day+time.Hour, func() { blind("ops-olga") })
	s.on(11*day, func() { s.scores("users-uma", 4, 4, 4) })
	s.on(12*day, func() { blind("ops-olga", "users-uma"); s.scores("it-ida", 5, 5, 5) })
	s.on(12*day+time.Minute, func() {
		r := s.open("points")
		for _, p := range everybody {
			if got := shows(r, p, s.env.Now()); len(got) != 3 {
				t.Errorf("opened, and %s sees the points of %v", p, got)
			}
		}
		if o := s.rec.of(dossier.ScoresOpened); len(o) != 1 || !o[0].CaseAt.Equal(r.Closed.At) {
			t.Errorf("opened: %+v, closed %+v", o, r.Closed)
		}
		s.decides()
	})
	s.playPilot()
}

// Scores that are closed before all are there stay blind: the same people are asked
// again.
func TestPilotScoresAskedAgainStayBlind(t *testing.T) {
	s := begun(t)
	s.on(10*day, func() { s.scores("ops-olga", 1, 2, 3) })
	s.on(11*day, func() { s.act(s.root, "owner-ola", review.Reopen, func(a *review.Act) { a.Step = "import" }) })
	s.on(12*day, func() {
		if got := shows(s.open("points"), "users-uma", s.env.Now()); got != nil {
			t.Errorf("users-uma sees the points of %v", got)
		}
		s.act(s.root, "owner-ola", review.Stop)
	})
	s.playPilot()
}

// scorers plays one order of scores, take-backs, conflicts and people who leave.
type scorers struct {
	s   *story
	rnd *rand.Rand
	off []string // have a conflict, or left
}

// holders are who may score for a seat now.
func (x *scorers) holders(r review.Request, seat string) []string {
	var all []string
	for _, h := range r.Seating(seat).Holders {
		if h.Active(x.s.env.Now()) {
			all = append(all, h.Person)
		}
	}
	return all
}

// acts does one thing to the scores, if there is anything to do to them.
func (x *scorers) acts(only func(seat string) bool) {
	s := x.s
	if len(s.rec.of(dossier.ScoresOpened)) > 0 {
		return
	}
	r := s.open("points")
	seats := slices.DeleteFunc([]string{"ops", "users", "it"}, func(id string) bool { return !only(id) || len(x.holders(r, id)) == 0 })
	if len(seats) == 0 {
		return
	}
	seat := seats[x.rnd.IntN(len(seats))]
	who := x.holders(r, seat)[0]
	switch roll := x.rnd.IntN(10); {
	case roll == 0 && len(x.off) < 3 && len(s.scorersOf(seat)) > len(x.offOf(seat))+1:
		x.off = append(x.off, who)
		s.act(s.root, who, review.Recuse, s.about("points"))
	case roll == 1 && r.Standing(seat) == nil && len(s.scorersOf(seat)) > len(x.offOf(seat))+1:
		x.off = append(x.off, who)
		s.apply(who, func(p *playbook.Person) { p.Left = true })
	case roll == 2 && r.Standing(seat) != nil:
		s.act(s.root, r.Standing(seat).Person, review.TakeBack, s.about("points"))
	case r.Standing(seat) == nil:
		s.scores(who, x.rnd.IntN(6), x.rnd.IntN(6), x.rnd.IntN(11))
	}
}

func (s *story) scorersOf(seat string) []string {
	return map[string][]string{"ops": {"ops-olga", "ops-omar", "ops-otis"}, "users": {"users-uma", "users-ugo", "users-una"}, "it": {"it-ida", "it-ivo", "it-ian"}}[seat]
}

func (x *scorers) offOf(seat string) []string {
	return slices.DeleteFunc(slices.Clone(x.off), func(id string) bool { return !slices.Contains(x.s.scorersOf(seat), id) })
}

// In whatever order people score, take back, leave and declare conflicts: nobody sees
// another's points before all are there, the scores are opened once, when the last
// seat has scored, and they come to what stands, in which nobody with a conflict has
// a part.
func TestPilotInWhateverOrderPeopleScore(t *testing.T) {
	for seed := range uint64(25 / sampled) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			s := begun(t)
			for _, seat := range []string{"ops", "users", "it"} {
				for _, id := range s.scorersOf(seat) {
					s.know(id, func(p *playbook.Person) { p.Roles, p.Backups = []string{seat}, nil })
				}
			}
			s.anyOutcome = true
			x := &scorers{s: s, rnd: rand.New(rand.NewPCG(seed, 5))}
			watch := func() {
				r := s.open("points")
				opened := len(s.rec.of(dossier.ScoresOpened)) > 0
				if opened != (r.Closed != nil) || opened != (len(standing(&r)) == 3) {
					t.Errorf("%d of 3 scored, closed %+v, opened %t", len(standing(&r)), r.Closed, opened)
				}
				if opened {
					return
				}
				s.wantNobodyAsked("go")
				for _, p := range append(s.scorersOf("ops"), "owner-ola", "users-una") {
					if whose := shows(r, p, s.env.Now()); slices.ContainsFunc(whose, func(w string) bool { return w != p }) {
						t.Errorf("%s sees the points of %v", p, whose)
					}
				}
			}
			for i := range 40 {
				s.on(9*day+time.Duration(i+2)*time.Hour, func() { watch(); x.acts(func(string) bool { return true }) })
			}
			for i := range 6 { // whoever is silent still
				s.on(20*day+time.Duration(i)*time.Hour, func() {
					watch()
					for range 30 {
						r := s.open("points")
						x.acts(func(seat string) bool { return r.Standing(seat) == nil })
					}
				})
			}
			s.on(21*day, func() {
				watch()
				if len(s.rec.of(dossier.ScoresOpened)) == 0 {
					t.Error("the scores were never opened")
				}
				s.decides()
			})
			s.on(22*day, func() {
				if s.view().Closed.IsZero() {
					s.act(s.root, "owner-ola", review.Stop)
				}
			})
			out := s.playPilot()
			r := s.open("points")
			var points []map[string]int
			for _, b := range standing(&r) {
				if slices.Contains(out.Recused, b.Person) {
					t.Errorf("the points of %s count", b.Person)
				}
				points = append(points, map[string]int{"quality": b.Scores[0].Points, "communication": b.Scores[1].Points, "deadlines": b.Scores[2].Points})
			}
			want, ok := engagement.Weighted(criteria(), points)
			if !ok || out.Score != want || len(s.rec.of(dossier.ScoresOpened)) != 1 {
				t.Errorf("the score is %d, want %d of %v", out.Score, want, points)
			}
		})
	}
}
