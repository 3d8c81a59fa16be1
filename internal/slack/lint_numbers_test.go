package slack

import "testing"

// TestLimitsAreSlacks holds our numbers to those of Slack's documentation: the
// other tests of limits are written with ours.
func TestLimitsAreSlacks(t *testing.T) {
	t.Parallel()
	for name, n := range map[string][2]int{
		"blocks of a message": {mostMessageBlocks, 50}, "blocks of a view": {mostViewBlocks, 100}, "a modal's title": {mostTitle, 24},
		"ids": {mostID, 255}, "private metadata": {mostMetadata, 3000}, "a section": {mostText, 3000}, "fields": {mostFields, 10},
		"a field": {mostField, 2000}, "a header": {mostHeader, 150}, "a context": {mostContext, 10}, "actions": {mostActions, 25},
		"a button": {mostButton, 75}, "a value": {mostValue, 2000}, "a URL": {mostURL, 3000}, "options": {mostOptions, 100},
		"an option": {mostOption, 75}, "choices": {mostChoices, 10}, "a label": {mostLabel, 2000}, "an input": {mostInput, 3000},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d, Slack says %d", name, n[0], n[1])
		}
	}
}
