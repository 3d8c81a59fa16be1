package papers

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// Ordinary contracts come to 0.3, tables of prices to 0.1, text from a broken
	// font map to less than 0.01 (measured).
	leastStopwords = 0.05

	// Of fewer words the ratio says nothing: a cover sheet, a form.
	fewestTokens = 40

	// No language's words are longer on average; text without its blanks is.
	longestTokens = 20 // letters
)

// stopwordRatio gives the part of a text's words that every sentence is made of,
// in the language that fits best, and the number of words looked at.
func stopwordRatio(text string) (ratio float64, tokens int) {
	const (
		most    = 200_000 // bytes; the first forty pages show what the rest is like
		longest = 8       // bytes of a word in the lists
	)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	lists := stopwords()
	counts := make([]int, len(lists))
	for token := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		tokens++
		if len(token) > longest {
			continue
		}
		token = strings.ToLower(token)
		for i, list := range lists {
			if list[token] {
				counts[i]++
			}
		}
	}
	best := 0
	for _, n := range counts {
		best = max(best, n)
	}
	return float64(best) / float64(max(tokens, 1)), tokens
}

// legible reports whether text that came out of a document is one that people
// wrote.
func legible(text string) bool {
	ratio, tokens := stopwordRatio(text)
	if tokens == 0 || tokens >= fewestTokens {
		return tokens > 0 && ratio >= leastStopwords
	}
	return utf8.RuneCountInString(text) <= longestTokens*tokens
}

// stopwords are the most frequent words of the languages that contracts come in
// here, a set for each. Those of one letter are left out: text whose letters were
// pulled apart is full of them.
func stopwords() []map[string]bool {
	var sets []map[string]bool
	for _, list := range []string{
		// English, German, French, Spanish, Italian, Dutch, Portuguese, Polish.
		"the of and to in or for is as are that on this with by shall any be not will its from which party",
		"der die und in das den von zu mit auf für ist im dem des nicht ein eine als auch sich werden oder nach bei zur",
		"de la le les et des en un une du que est dans pour par sur ou au aux ce il qui pas sont se",
		"de la que el en los las del se por con un una su para al lo es esta sus no como",
		"di il la che in per un non una della delle dei si con da del le nel alla gli sono",
		"de het een van en in is op te dat die met voor zijn niet of aan door om bij als wordt deze dit",
		"de que do da em um para com não uma os no se na por as dos das ao pelo ou ser",
		"na do się nie że jest przez oraz od dla lub są po przy ze jego to za jako jej",
	} {
		set := map[string]bool{}
		for word := range strings.FieldsSeq(list) {
			set[word] = true
		}
		sets = append(sets, set)
	}
	return sets
}
