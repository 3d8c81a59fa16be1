package mail

import (
	"slices"
	"strings"
)

// maxTokens is how many tokens of one mail are looked up.
const maxTokens = 10

// addressFields are where a mail says to whom it went, the most trustworthy first:
// servers write the first two, people the others.
func addressFields() []string {
	return []string{"delivered-to", "x-original-to", "envelope-to", "to", "cc"}
}

// replyTokens are the tokens of reply addresses in the header, each once. Mail
// programs change the case of addresses, put them into quotes and write + as %2B.
func replyTokens(h *heading, local string) []string {
	var found []string
	for _, name := range addressFields() {
		for _, value := range h.all(name) {
			found = appendTokens(found, value, local)
		}
	}
	return found
}

func appendTokens(found []string, text, local string) []string {
	prefix := strings.ToLower(local) + "+"
	text = strings.ReplaceAll(strings.ToLower(text), "%2b", "+")
	for len(found) < maxTokens {
		i := strings.Index(text, prefix)
		if i < 0 {
			break
		}
		whole := i == 0 || !isAddressByte(text[i-1]) // and not the end of somebody else's local part
		text = text[i+len(prefix):]
		if token := leading(text); whole && token != "" && !slices.Contains(found, token) {
			found = append(found, token)
		}
	}
	return found
}

// leading is the token at the beginning of a text, where exactly that stands
// there.
func leading(text string) string {
	n := 0
	for n < len(text) && (text[n] >= 'a' && text[n] <= 'z' || text[n] >= '2' && text[n] <= '7') {
		n++
	}
	if n != secretLetters || n < len(text) && isAddressByte(text[n]) {
		return ""
	}
	return text[:n]
}

// isAddressByte: of a local part without quotes (RFC 5322 section 3.2.3).
func isAddressByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", b) >= 0
}

// envelopeTokens are the tokens of our envelope senders (VERP) among the addresses
// that a mail went to: automatic answers go there and not to a reply address.
func envelopeTokens(h *heading) []string {
	var found []string
	for _, name := range addressFields() {
		for _, value := range h.all(name) {
			if token := tokenAmong(value); token != "" && len(found) < maxTokens && !slices.Contains(found, token) {
				found = append(found, token)
			}
		}
	}
	return found
}

// messagesNamed are the Message-IDs of ours that a mail answers, without brackets,
// the nearest first.
func messagesNamed(h *heading) []string {
	var found []string
	for _, name := range []string{"in-reply-to", "references"} {
		for _, value := range h.all(name) {
			words := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t,<>", r) })
			for i := len(words) - 1; i >= 0 && len(found) < maxTokens; i-- {
				if strings.HasPrefix(words[i], "gw.") && len(words[i]) <= 200 && !slices.Contains(found, words[i]) {
					found = append(found, words[i])
				}
			}
		}
	}
	return found
}

// caseNamed is the case that a subject names, as our subjects do: "[GW
// onboarding/acme-payroll/1]". It finds the case and never decides anything.
func caseNamed(subject string) string {
	_, rest, found := strings.Cut(subject, "[GW ")
	id, _, closed := strings.Cut(rest, "]")
	if !found || !closed || len(id) > 100 || strings.Count(id, "/") < 1 || strings.IndexFunc(id, notOfCase) >= 0 {
		return ""
	}
	return id
}

func notOfCase(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '/'
}
