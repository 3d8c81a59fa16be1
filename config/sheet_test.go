package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gangway/config"
	"gangway/internal/engagement"
)

func sheetPoints() []engagement.Point {
	return []engagement.Point{
		{ID: "who", Kind: engagement.PointText}, {ID: "mfa", Kind: engagement.PointYesNo}, {ID: "level", Kind: engagement.PointChoice, Options: []string{"read", "write"}},
		{ID: "teams", Kind: engagement.PointMany, Options: []string{"shop", "billing"}}, {ID: "until", Kind: engagement.PointDate}, {ID: "cost", Kind: engagement.PointAmount},
		{ID: "plan", Kind: engagement.PointFile}, {ID: "report", Kind: engagement.PointFile},
	}
}

func TestReadSheet(t *testing.T) {
	t.Parallel()
	got, err := config.ReadSheet("form.yaml", []byte(`who: |
  Vera, to deploy
  Olu, to look
mfa: yes
level: write
teams: [billing, shop]
until: 2027-06-30
cost: 12000
plan: plan.pdf
report: 'none: it is being written'
`), sheetPoints())
	want := map[string][]string{"who": {"Vera, to deploy\nOlu, to look"}, "mfa": {"yes"}, "level": {"write"}, "teams": {"billing", "shop"}, "until": {"2027-06-30"}, "cost": {"12000"}, "plan": {"plan.pdf"}, "report": {"none: it is being written"}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	got, err = config.ReadSheet("form.yaml", []byte("who:\nmfa: true\nteams:\n  - shop\n"), sheetPoints())
	if d := cmp.Diff(map[string][]string{"mfa": {"true"}, "teams": {"shop"}}, got); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestReadSheetFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"whom: x": "did you mean who?", "mfa: perhaps": "form.yaml:1:6: mfa: Say yes or no.", "level: {a: b}": "an answer cannot be", "until: 30.6.2027": "Give one day", "who: a\nwho: b": "there twice",
		"- who": "this form cannot be", "plan: 'none:'": "Say why there is none", "teams: [shop, {a: b}]": "an answer cannot be"} {
		got, err := config.ReadSheet("form.yaml", []byte(text), sheetPoints())
		if err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %q, %v; want %q", text, got, err, want)
		}
	}
}
