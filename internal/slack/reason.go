package slack

import "gangway/internal/review"

// reasonOf is the record's word for why somebody is not reached, empty where we
// have none: what Slack says stands in the log alone.
func reasonOf(why string) string {
	switch why {
	case "unbound", "somebody else's", "users_not_found", "user_not_found":
		return review.UnreachedNoAccount
	case "unfound", "another address", "two with one address":
		return review.UnreachedNoMailMatch
	case "guest", "user_is_restricted", "user_is_ultra_restricted":
		return review.UnreachedGuest
	case "bot", "is_bot", "cannot_dm_bot":
		return review.UnreachedBot
	case "deleted":
		return review.UnreachedDeleted
	case "stranger", "other team", "not_in_team", "user_not_visible":
		return review.UnreachedElsewhere
	case "user_disabled":
		return review.UnreachedDisabled
	}
	return ""
}
