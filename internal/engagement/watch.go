package engagement

// Watch says how early what runs out is brought up, and how often a vendor is looked
// at again. Days are calendar days.
type Watch struct {
	// Lead is in days, by the kind of what runs out; a kind that is not named has
	// DefaultLead.
	Lead map[ExpiryKind]int `json:"lead,omitempty"`
	// Reviews is every how many months a vendor of a tier is looked at again; a tier
	// that is not named is not.
	Reviews map[Tier]int `json:"reviews,omitempty"`
	// NoticeLead is how many days the client wants for deciding before notice has to
	// go out.
	NoticeLead int `json:"noticeLead,omitempty"`
	// AccessDays is how many days ahead an access may end at most when it is asked for;
	// 0: there is no such bound. It is renewed where it is needed longer.
	AccessDays int `json:"accessDays,omitempty"`
}

// Empty reports whether nothing is said about watching: then nobody watches.
func (w Watch) Empty() bool {
	return len(w.Lead) == 0 && len(w.Reviews) == 0 && w.NoticeLead == 0 && w.AccessDays == 0
}

// DefaultLead is how many days before its end something is brought up.
const DefaultLead = 30
