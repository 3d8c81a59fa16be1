package exit

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// at is when the certificates of these tests are made.
func at() time.Time { return time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC) }

func states() []State {
	return []State{StateDone, StateWaived, StateNotNeeded, StateOpen, StateFailed, StateFound, StateNotCheckable, "", "later"}
}

// drawMatter is any line that a part may answer with, sound or not.
func drawMatter(id string) *rapid.Generator[Matter] {
	return rapid.Custom(func(t *rapid.T) Matter {
		m := Matter{ID: id, Name: "x", Part: rapid.SampledFrom([]string{PartExit, PartTransfer, PartHandover, PartRevocation, PartDataReturn, ""}).Draw(t, "part"),
			State: rapid.SampledFrom(states()).Draw(t, "state")}
		m.By = rapid.SampledFrom([]string{"", "owner-ola"}).Draw(t, "by")
		m.Answer = rapid.SampledFrom([]string{"", "a1"}).Draw(t, "answer")
		m.Document = rapid.SampledFrom([]string{"", "sha256:d"}).Draw(t, "document")
		m.Why = rapid.SampledFrom([]string{"", "by-copy", WhyErased}).Draw(t, "why")
		m.Until = rapid.SampledFrom([]time.Time{{}, at(), at().Add(-time.Hour), at().Add(time.Hour)}).Draw(t, "until")
		return m
	})
}

// trace is whether something stands behind a matter that is called done: somebody's answer;
// in the parts of an exit the document of a look; of copies that gangway erases by itself
// that it did.
func trace(m Matter) bool {
	switch answered := m.By != "" && m.Answer != ""; {
	case answered:
		return true
	case m.Part == PartExit:
		return false
	case m.Part == PartDataReturn && m.Why == WhyErased:
		return true
	}
	return m.Document != ""
}

// Nothing that is open, failed, unchecked, or of a state that nobody knows lets a
// certificate be issued; what is done names what shows it; and what is waived says by
// whom, with which answer and until a day to come.
func TestCertificateCallsNothingDoneThatIsNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := Certificate{At: at()}
		sound := true
		for i := range rapid.IntRange(1, 6).Draw(t, "matters") {
			m := drawMatter(string(rune('a'+i))).Draw(t, "matter")
			c.Matters = append(c.Matters, m)
			switch m.State {
			case StateNotNeeded:
			case StateDone:
				sound = sound && trace(m)
			case StateWaived:
				sound = sound && m.By != "" && m.Answer != "" && m.Until.After(at())
			default:
				sound = false
			}
		}
		if got := c.Check() == nil; got != sound {
			t.Fatalf("issued: %v for %+v", got, c.Matters)
		}
		if (len(Blocking(c.Matters, at())) == 0) != sound {
			t.Fatalf("blocking are %+v of %+v", Blocking(c.Matters, at()), c.Matters)
		}
	})
}

// What each kind of matter names where it is done, and the one kind that can name nothing.
func TestWhatShowsThatAMatterIsDone(t *testing.T) {
	t.Parallel()
	done := func(part, name, by, document, why string) Matter {
		m := Matter{ID: part + "/acme/1:" + name, Part: part, Name: name, State: StateDone, By: by, Document: document, Why: why}
		if by != "" {
			m.Answer = "a1"
		}
		return m
	}
	for _, c := range []struct {
		m     Matter
		shown bool
	}{
		{done(PartExit, "exit-decide", "sponsor-sue", "", ""), true},
		{done(PartExit, "exit-notice", "", "sha256:receipt", ""), false}, // whose word is it?
		{done(PartTransfer, "payroll", "service-sol", "", ""), true},
		{done(PartTransfer, "authors", "", "sha256:histories", ""), true},
		{done(PartHandover, "asset-2", "it-ida", "", "by-copy"), true},
		{done(PartHandover, "asset-2", "", "", "by-copy"), false},
		{done(PartHandover, "inventory", "", "sha256:inventory", ""), true},
		{done(PartRevocation, "deploy-keys", "", "sha256:inventory", ""), true},
		{done(PartRevocation, "deploy-keys", "", "", ""), false}, // clean, by nobody's look
		{done(PartRevocation, "systems", "security-sam", "", ""), true},
		{done(PartDataReturn, "choice", "privacy-pia", "", "delete"), true},
		{done(PartDataReturn, "choice", "", "", "return"), false},
		{done(PartDataReturn, "copies", "", "", WhyErased), true},
		{done(PartDataReturn, "copies", "", "", ""), false},
		{done(PartHandover, "asset-2", "", "", WhyErased), false}, // no asset is a copy of ours
	} {
		if err := (Certificate{At: at(), Matters: []Matter{c.m}}).Check(); (err == nil) != c.shown {
			t.Errorf("%+v: %v", c.m, err)
		}
	}
	unshown := done(PartHandover, "asset-2-restored", "", "", "")
	if got := unshown.Gap(); got != "nothing shows that it was done" {
		t.Errorf("as a gap it reads %q", got)
	}
}

// A certificate of nothing is none, nor one that counts a matter twice, nor one with a
// backup that never ends; a drill's report is no certificate and can always be made.
func TestCertificatesThatAreNone(t *testing.T) {
	t.Parallel()
	good := Matter{ID: "a", State: StateDone, Document: "sha256:d"}
	for name, c := range map[string]Certificate{
		"of nothing":    {},
		"without an id": {Matters: []Matter{{State: StateDone}}},
		"twice":         {Matters: []Matter{good, good}},
		"endless":       {Matters: []Matter{good}, Backups: []Backup{{ID: "b"}}},
	} {
		c.At = at()
		if c.Check() == nil {
			t.Errorf("a certificate %s is issued", name)
		}
		c.Drill = true
		if err := c.Check(); err != nil {
			t.Errorf("the report of a drill, %s: %v", name, err)
		}
	}
	c := Certificate{At: at(), Matters: []Matter{good, {ID: "b", State: StateOpen}}, Backups: []Backup{{ID: "b", On: at()}}}
	if c.Count(StateDone) != 1 || c.Count(StateOpen) != 1 || c.Count(StateFailed) != 0 {
		t.Errorf("counted %+v", c.Matters)
	}
	c.Matters = c.Matters[:1]
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}

// A drill plays the mode that it rehearses.
func TestADrillPlaysWhatItRehearses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Order
		want Mode
	}{{Order{Mode: ModeForCause}, ModeForCause}, {Order{Mode: ModeDrill}, ModePlanned}, {Order{Mode: ModeDrill, Rehearses: ModeStressed}, ModeStressed}} {
		if got := c.o.Plays(); got != c.want {
			t.Errorf("%+v plays %s", c.o, got)
		}
	}
}

// The vendor is needed from the notice to the cut-over, or where a drill has none until
// knowledge and assets have passed over.
func TestHowLongAVendorIsNeeded(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return at().AddDate(0, 0, n) }
	notice := Rehearsed{Step: "n", Does: DoesNotice, Ends: day(5)}
	taught, handed := Rehearsed{Part: PartTransfer, Ends: day(20)}, Rehearsed{Part: PartHandover, Ends: day(30)}
	cut := Rehearsed{Step: "c", Does: DoesCutOver, Ends: day(25)}
	for _, c := range []struct {
		steps       []Rehearsed
		from, until time.Time
	}{
		{[]Rehearsed{notice, taught, handed, cut, {Part: PartDataReturn, Ends: day(60)}}, day(5), day(25)},
		{[]Rehearsed{cut, handed, notice}, day(5), day(25)},
		{[]Rehearsed{notice, handed, taught}, day(5), day(30)},
		{[]Rehearsed{notice}, day(5), day(90)},
		{nil, day(0), day(90)},
	} {
		from, until := Certificate{Began: day(0), At: day(90), Steps: c.steps}.Needed()
		if !from.Equal(c.from) || !until.Equal(c.until) {
			t.Errorf("%+v: needed from %s to %s", c.steps, from, until)
		}
	}
}
