package engagement

import "strings"

// referee reads the numbers after a word such as "Sections" and finds the clauses they mean.
type referee struct {
	c      *Clause
	within string
	order  map[string]int // ref to place in the document
}

// span is a run of clauses in the order of the document.
type span struct{ from, to int }

// list reads "8.1 (Liability Caps), 8.2 and 9 to 11" from start on. What it reads is bounded by the clause's length, and one
// list has at most a hundred numbers.
func (r referee) list(start int) []span {
	var found []span
	text := r.c.Text
	i := start + blanks(text[start:])
	ranged := false
	for range 100 {
		parts, size := numberParts(text[i:])
		if size == 0 {
			break
		}
		i += size
		if place, ok := r.resolve(parts); ok {
			if last := len(found) - 1; ranged && last >= 0 && found[last].to <= place {
				found[last].to = place
			} else {
				found = append(found, span{place, place})
			}
		}
		i += titleSize(text[i:])
		size, ranged = joint(text[i:])
		if size == 0 {
			break
		}
		i += size
	}
	return found
}

// blanks gives the length of what stands between "Sections" and its first number; it looks no further than a few
// characters, or a page of section signs would be read once for each of them.
func blanks(s string) int {
	near := head(s, 12)
	return len(near) - len(strings.TrimLeft(near, ".§ \u00a0"))
}

// numberParts reads "5.2(a)", "(b)" or "VII".
func numberParts(s string) (parts []string, size int) {
	if parts, size = decimalParts(s); size > 0 {
		return parts, size
	}
	if parts, size = subLabels(s); size > 0 && s[0] == '(' {
		return parts, size
	}
	end := 0
	for end < len(s) && end < 8 && isUpper(s[end]) {
		end++
	}
	if n := romanValue(s[:end]); n > 0 && (end == len(s) || !isAlphanumeric(s[end])) {
		return []string{itoa(n)}, end
	}
	return nil, 0
}

// titleSize gives the length of " (Liability Caps)" after a number.
func titleSize(s string) int {
	if !strings.HasPrefix(s, " (") {
		return 0
	}
	if end := strings.IndexByte(head(s, maxTitle), ')'); end > 0 {
		return end + 1
	}
	return 0
}

// joint reads what joins two numbers of a list, and whether it means all between them.
func joint(s string) (size int, ranged bool) {
	for _, join := range []string{", and ", ", or ", " and ", " or ", " und ", " oder ", ", ", " & "} {
		if after, ok := strings.CutPrefix(s, join); ok {
			for _, again := range []string{"Section ", "Sections ", "Clause ", "Article ", "§ "} {
				after = strings.TrimPrefix(after, again)
			}
			return len(s) - len(after), false
		}
	}
	for _, join := range []string{" to ", " through ", " bis ", " - ", " – ", "–", "-"} {
		if strings.HasPrefix(s, join) {
			return len(join), true
		}
	}
	return 0, false
}

// resolve finds the clause with a number: below the clause itself for "(a)", in its own part of the document, then anywhere.
// Letters that name no clause ("6.3(c)" when the list runs on in one paragraph) fall back to the clause that holds them.
func (r referee) resolve(parts []string) (place int, ok bool) {
	relative := len(parts) > 0 && (parts[0][0] < '0' || parts[0][0] > '9')
	for n := len(parts); n > 0; n-- {
		if n < len(parts) && !letters(parts[n]) {
			return 0, false
		}
		ref := strings.Join(parts[:n], ".")
		if relative {
			for at := r.c.Ref; at != ""; at = above(at) {
				if place, ok := r.order[at+"."+ref]; ok {
					return place, true
				}
			}
			continue
		}
		if place, ok := r.order[under(r.within, ref)]; ok {
			return place, true
		}
		if place, ok := r.order[ref]; ok {
			return place, true
		}
	}
	return 0, false
}

func letters(part string) bool { return part[0] < '0' || part[0] > '9' }
