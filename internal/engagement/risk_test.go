package engagement_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/engagement"
)

// risk fills in one row.
func risk(n, likelihood, effect, treatment, owner string) []engagement.Finding {
	id := func(column string) string { return "risk-" + n + "-" + column }
	return []engagement.Finding{{Point: id("what"), Said: true}, {Point: id("likelihood"), Choices: []string{likelihood}},
		{Point: id("effect"), Choices: []string{effect}}, {Point: id("treatment"), Choices: []string{treatment}}, {Point: id("owner"), Choices: []string{owner}}}
}

func TestRisks(t *testing.T) {
	t.Parallel()
	findings := append(risk("1", "2", "5", "reduce", "sam"), risk("3", "1", "1", "accept", "olga")...)
	got, err := engagement.Risks(findings)
	want := []engagement.Risk{{N: 1, Likelihood: 2, Effect: 5, Treatment: engagement.TreatReduce, Owner: "sam"},
		{N: 3, Likelihood: 1, Effect: 1, Treatment: engagement.TreatAccept, Owner: "olga"}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	if got[0].Level() != 10 || got[1].Level() != 1 {
		t.Errorf("levels %d and %d", got[0].Level(), got[1].Level())
	}
	if none, err := engagement.Risks(nil); err != nil || none != nil {
		t.Errorf("of nothing: %v %v", none, err)
	}
}

func TestARiskIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	whole := risk("2", "2", "5", "avoid", "sam")
	for i := range whole {
		part := slices.Delete(slices.Clone(whole), i, i+1)
		if got, err := engagement.Risks(part); err == nil || !strings.Contains(err.Error(), "risk 2") {
			t.Errorf("without %s: %v %v", whole[i].Point, got, err)
		}
		if got, err := engagement.Risks(whole[i : i+1]); err == nil {
			t.Errorf("with %s alone: %v", whole[i].Point, got)
		}
	}
	for _, odd := range [][]engagement.Finding{risk("1", "0", "5", "avoid", "sam"), risk("1", "6", "5", "avoid", "sam"), risk("1", "05", "5", "avoid", "sam"),
		risk("1", "2", "high", "avoid", "sam"), risk("1", "2", "5", "hope", "sam"), risk("1", "2", "5", "avoid", "sam and olga")} {
		if got, err := engagement.Risks(odd); err == nil {
			t.Errorf("%v is %v", odd, got)
		}
	}
}

// TestRiskPointsTakeRisks: what the form asks is what Risks reads.
func TestRiskPointsTakeRisks(t *testing.T) {
	t.Parallel()
	points := engagement.RiskPoints(2)
	if len(points) != 10 || len(engagement.RiskPoints(1000)) != 150 || len(engagement.RiskPoints(0)) != 0 {
		t.Fatalf("%d points for two rows", len(points))
	}
	findings := append(risk("1", "5", "5", "transfer", "sam"), risk("2", "1", "3", "accept", "olga")...)
	for i, p := range points {
		if !p.Sound(findings[i]) || p.Optional != (i >= 5) || p.Title == "" {
			t.Errorf("point %+v, answered %+v", p, findings[i])
		}
	}
	points[1].Options[0] = "another"
	if points[2].Options[0] != "1" || engagement.RiskPoints(1)[1].Options[0] != "1" {
		t.Error("points share their options")
	}
	if got, err := engagement.Risks(findings); err != nil || len(got) != 2 || got[0].Level() != 25 {
		t.Errorf("%v %v", got, err)
	}
}
