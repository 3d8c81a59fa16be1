package verb

import "strings"

// Help is what there is in a channel, a line each, as somebody types it:
// command stands before the words ("/vendor", "gangway").
func Help(command string, c Channel) string {
	width := 0
	for _, v := range Table() {
		width = max(width, len(line(v, c)))
	}
	var b strings.Builder
	for _, v := range Table() {
		if !v.In(c).Offered {
			continue
		}
		head := line(v, c)
		b.WriteString(command + " " + head + strings.Repeat(" ", width-len(head)+2) + v.Short + "\n")
	}
	return b.String()
}

// HelpOn is what a channel says of one verb: how it is typed, what it does, and
// examples.
func HelpOn(v Verb, command string, c Channel) string {
	u := v.In(c)
	if !u.Offered {
		return ""
	}
	var b strings.Builder
	b.WriteString(command + " " + line(v, c) + "\n" + v.Short + ".\n")
	if u.Long != "" {
		b.WriteString(u.Long + "\n")
	}
	for _, example := range u.Examples {
		b.WriteString("  " + command + " " + example + "\n")
	}
	return b.String()
}

func line(v Verb, c Channel) string { return strings.TrimSpace(v.Word + " " + v.In(c).Args) }
