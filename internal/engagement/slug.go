package engagement

import (
	"fmt"
	"strings"
	"unicode"
)

const (
	minSlug = 2
	maxSlug = 60
)

// Slug makes the short name that ids and addresses carry: "Acme Payroll Ltd." gives "acme-payroll-ltd". It has 2 to 60
// lower-case ASCII letters, digits and single dashes, neither first nor last; a longer one is cut at a word. Latin
// letters lose their marks (é gives e, ß gives ss). A name of which no ASCII letter or fewer than two characters are left
// (another script, say) is an error that asks for a slug of one's own.
func Slug(name string) (string, error) {
	slug := dashed(name, false)
	if strings.IndexFunc(slug, func(r rune) bool { return r >= 'a' && r <= 'z' }) < 0 || len(slug) < minSlug {
		return "", fmt.Errorf("no short name can be made from %s; give a slug of letters a-z, digits and dashes", quoted(name))
	}
	if len(slug) > maxSlug {
		cut := slug[:maxSlug]
		if slug[maxSlug] != '-' {
			if i := strings.LastIndexByte(cut, '-'); i >= minSlug {
				cut = cut[:i]
			}
		}
		slug = strings.TrimRight(cut, "-")
	}
	return slug, nil
}

// CheckSlug reports why slug is not of the form that Slug makes, or nil. A slug that a person gives may be made of digits only.
func CheckSlug(slug string) error {
	if len(slug) < minSlug || len(slug) > maxSlug {
		return fmt.Errorf("a slug has %d to %d characters, this one has %d", minSlug, maxSlug, len(slug))
	}
	if dashed(slug, false) != slug {
		return fmt.Errorf("%s is not a slug; write lower-case letters a-z, digits and single dashes between them", quoted(slug))
	}
	return nil
}

// dashed folds text to lower-case words joined by dashes. With foreign, letters of other scripts stay (for the refs of
// definitions, which need not be typed); without, they separate words.
func dashed(text string, foreign bool) string {
	var b strings.Builder
	gap := false
	write := func(s string) {
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(s)
	}
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			write(string(r))
		case r >= 'A' && r <= 'Z':
			write(string(r - 'A' + 'a'))
		case r == '\'' || r == '’' || unicode.Is(unicode.Mn, r) || invisible(r):
			// "Acme's" is one word, and a combining mark belongs to the letter before it.
		default:
			folded := foldLatin(r)
			if folded == "" && foreign && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
				folded = string(unicode.ToLower(r))
			}
			if folded == "" {
				gap = true
				continue
			}
			write(folded)
		}
	}
	return b.String()
}

// foldLatin gives the ASCII letters that stand for a Latin letter with marks; empty for any other character.
func foldLatin(r rune) string {
	if r > 0x1EFF || r < 0xC0 {
		return ""
	}
	switch r := unicode.ToLower(r); {
	case strings.ContainsRune("àáâãäåāăąǎạảấầẩẫậắằẳẵặ", r):
		return "a"
	case strings.ContainsRune("çćĉċč", r):
		return "c"
	case strings.ContainsRune("ďđð", r):
		return "d"
	case strings.ContainsRune("èéêëēĕėęěẹẻẽếềểễệ", r):
		return "e"
	case strings.ContainsRune("ĝğġģǧ", r):
		return "g"
	case strings.ContainsRune("ĥħ", r):
		return "h"
	case strings.ContainsRune("ìíîïĩīĭįı\u0307ǐỉị", r):
		return "i"
	case r == 'ĵ':
		return "j"
	case r == 'ķ' || r == 'ĸ':
		return "k"
	case strings.ContainsRune("ĺļľŀł", r):
		return "l"
	case strings.ContainsRune("ñńņňŋ", r):
		return "n"
	case strings.ContainsRune("òóôõöøōŏőǒơọỏốồổỗộớờởỡợ", r):
		return "o"
	case strings.ContainsRune("ŕŗř", r):
		return "r"
	case strings.ContainsRune("śŝşšș", r):
		return "s"
	case strings.ContainsRune("ţťŧț", r):
		return "t"
	case strings.ContainsRune("ùúûüũūŭůűųǔưụủứừửữự", r):
		return "u"
	case r == 'ŵ':
		return "w"
	case strings.ContainsRune("ýÿŷỳỵỷỹ", r):
		return "y"
	case strings.ContainsRune("źżž", r):
		return "z"
	}
	return foldLigature(unicode.ToLower(r))
}

func foldLigature(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ĳ':
		return "ij"
	}
	return ""
}
