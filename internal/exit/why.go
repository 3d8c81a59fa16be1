package exit

import "strings"

// WhyWords say why something of an exit stands as it does, to people who know none of the
// words that a process counts by. A word of which they need no more is said as it is.
func WhyWords(why string) string {
	for _, w := range [...]struct{ why, words string }{
		{"apps-alone", "GitHub shows it to apps alone, and gangway signs in with a token"},
		{"not-for-apps", "GitHub shows it to tokens alone, and gangway signs in as an app"},
		{"edition", "GitHub shows it in Enterprise Cloud with single sign-on alone"},
		{"not-set-up", "no GitHub is set up for gangway"},
		{"away", "GitHub could not be reached"},
		{"permission", "gangway may not look there"},
		{"sign-in", "gangway can't sign in to GitHub"},
		{"hidden", "it is not there, or GitHub hides it"},
		{"partial", "GitHub showed a part of it"},
		{"no-account", "GitHub has no account with that login"},
		{"another-user", "somebody else has that login now"},
		{"refused", "GitHub refused"},
		{"no-second", "there is no second person to look"},
		{"nobody-looks", "there is nobody to look"},
		{"not-asked", "nobody was asked"},
		{"silent", "nobody answered"},
		{"not-shown", "they could not show that they can do it"},
		{"not-taught", "nobody taught it"},
		{"not-received", "the receiver does not sign"},
		{"not-handed", "it was not handed over"},
		{"not-verified", "it does not work, or nobody says that it does"},
		{"not-taken", "the receiver does not take it"},
		{"not-moved", "it was not copied, restored or transferred"},
		{"not-seen", "nobody could see what came along with it"},
		{"not-read", "nobody could read who wrote it"},
		{"not-restored", "it was not restored from the copy"},
		{"not-in-playbook", "the playbook asks nobody for it"},
		{"no-roster", "nobody has listed whose accounts are the vendor's"},
		{"no-git", "the machine has no git"},
		{"no-copy", "there is no copy"},
		{"differs", "what was restored is not what was copied"},
		{"not-loaded", "nobody said that it is loaded where it is needed"},
		{"not-whole", "it can't be opened to its end"},
		{"kept", "the record keeps it"},
		{"prolonged", "it is kept longer than the vendor had certified"},
	} {
		if w.why == why {
			return w.words
		}
	}
	return strings.ReplaceAll(why, "-", " ")
}

// WhysWords are WhyWords of several.
func WhysWords(whys []string) string {
	said := make([]string, len(whys))
	for i, why := range whys {
		said[i] = WhyWords(why)
	}
	return strings.Join(said, ", ")
}
