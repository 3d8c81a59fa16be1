package engagement

import (
	"fmt"
	"strings"
)

// Tier says how critical a vendor is: 1 is the most critical, 4 the least. The zero Tier means not tiered yet.
type Tier int

// The tiers there are.
const (
	TierOpen Tier = 0 // not tiered yet
	TierTop  Tier = 1
	TierLast Tier = 4
)

// String gives "tier 1" to "tier 4", or "not tiered".
func (t Tier) String() string {
	switch {
	case t == TierOpen:
		return "not tiered"
	case t.Valid():
		return fmt.Sprintf("tier %d", int(t))
	}
	return fmt.Sprintf("no such tier (%d)", int(t))
}

// Valid reports whether t is one of the four tiers; the zero Tier is not.
func (t Tier) Valid() bool { return t >= TierTop && t <= TierLast }

// ParseTier reads "1" to "4" and what String gives, whatever the case; the empty string is the zero Tier. The error says
// what may be written.
func ParseTier(text string) (Tier, error) {
	word := strings.ToLower(strings.TrimSpace(text))
	if word == "" || word == TierOpen.String() {
		return TierOpen, nil
	}
	word = strings.TrimSpace(strings.TrimPrefix(word, "tier"))
	if len(word) == 1 && word[0] >= '1' && word[0] <= '4' {
		return Tier(word[0] - '0'), nil
	}
	return TierOpen, fmt.Errorf("%s is not a tier; write 1 (most critical) to 4", quoted(text))
}

// MarshalText gives "1" to "4", and nothing for the zero Tier; any other value is an error.
func (t Tier) MarshalText() ([]byte, error) {
	if t == TierOpen {
		return []byte{}, nil
	}
	if !t.Valid() {
		return nil, fmt.Errorf("writing a tier: %d is not 1 to 4", int(t))
	}
	return []byte{byte('0' + t)}, nil
}

// UnmarshalText reads what ParseTier reads.
func (t *Tier) UnmarshalText(text []byte) error {
	parsed, err := ParseTier(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}
