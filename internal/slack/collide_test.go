package slack

import (
	"testing"

	"github.com/slack-go/slack"
)

// TestSameIDElsewhere: somebody of another organisation, in a conversation that
// is shared with it, may have the id of one of ours. They are not them, whatever
// they press, send or type (S4, S8).
func TestSameIDElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := func(p map[string]any) { p["user"].(map[string]any)["team_id"] = "T0OTHER" }
	l := openLobby(t)
	out := l.acked(l.click("ben", l.card("maya"), approving()))
	l.acked(l.again(out.Delivery, func(p map[string]any) {
		p["user"].(map[string]any)["id"] = "U0MAYA"
		elsewhere(p)
	}))
	l.ballots(0)
	l.acked(l.again(out.Delivery, func(p map[string]any) { p["user"].(map[string]any)["id"] = "U0MAYA" }))
	l.ballots(1)
	l.acked(l.click("tom", l.card("tom"), actionID(verbAsk, "reject")))
	sent, err := l.slack.Submit("U0TOM", l.modal("tom").ID, map[string][]string{blockInside: {"No."}})
	if err != nil {
		t.Fatal(err)
	}
	l.ballots(2)
	calls := len(l.desk.said())
	l.again(sent.Delivery, elsewhere)
	if n := len(l.desk.said()); n != calls {
		t.Errorf("the desk heard %v", l.desk.said()[calls:])
	}
}

// TestMemberThroughTheOrganisation: on Enterprise Grid Slack may name another of a
// user's workspaces as theirs. They are bound and known under the same address.
func TestMemberThroughTheOrganisation(t *testing.T) {
	t.Parallel()
	l := openLobby(t)
	p := profile{User: "U0MAYA", Team: "T0SISTER", in: []string{"T0SISTER", lobbyTeam}}
	if got := l.client.address(p); got != Address(lobbyTeam, "U0MAYA") {
		t.Errorf("known under %v", got)
	}
	for team, want := range map[string]bool{"T0SISTER": true, lobbyTeam: true, "T0OTHER": false, "": false} {
		if p.of(team, []string{lobbyTeam}) != want {
			t.Errorf("of %q: %v", team, !want)
		}
	}
	if p := profileOf(userIn("T0SISTER", lobbyTeam), []string{lobbyTeam}); p.Unfit != "" {
		t.Errorf("refused as %s", p.Unfit)
	}
	if p := profileOf(userIn("T0SISTER"), []string{lobbyTeam, ""}); p.Unfit != "other team" {
		t.Errorf("taken: %q", p.Unfit)
	}
}

func userIn(teams ...string) *slack.User {
	u := slack.User{ID: "U0MAYA", TeamID: teams[0]}
	u.Enterprise.Teams = teams
	return &u
}
