package slack

import (
	"testing"

	"gangway/internal/review"
)

// TestReasonsAreOurs: every word by which somebody is not fit has one of the
// record's, and no other word of Slack's comes through.
func TestReasonsAreOurs(t *testing.T) {
	t.Parallel()
	ours := map[string]bool{review.UnreachedNoAccount: true, review.UnreachedNoMailMatch: true, review.UnreachedGuest: true, review.UnreachedBot: true,
		review.UnreachedDeleted: true, review.UnreachedElsewhere: true, review.UnreachedDisabled: true}
	for _, why := range []string{"unbound", "unfound", "two with one address", "another address", "somebody else's", "deleted", "bot", "guest", "stranger", "other team",
		"users_not_found", "user_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot", "not_in_team", "user_is_restricted", "user_is_ultra_restricted", "is_bot"} {
		if !ours[reasonOf(why)] {
			t.Errorf("%q has the reason %q", why, reasonOf(why))
		}
	}
	for _, why := range []string{"", "a_word_of_tomorrow", "<!channel>"} {
		if got := reasonOf(why); got != "" {
			t.Errorf("%q has the reason %q", why, got)
		}
	}
}
