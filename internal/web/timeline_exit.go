package web

import "gangway/internal/dossier"

// exiting tells what happened in an exit; false: it is another entry.
func (t *telling) exiting(en dossier.Entry, d *dossier.Detail, e *timelineEntry) bool {
	said := dossier.ExitWords(en.Kind, d)
	if said == "" {
		return false
	}
	switch en.Kind {
	case dossier.Certified, dossier.NoticeGiven:
		e.Tone = "good"
	case dossier.WayBack, dossier.NotRatified, dossier.GivenUp, dossier.FoundLater, dossier.ExitStopped, dossier.NoReturn:
		e.Tone = "warn"
	}
	t.text("%s", said)
	return true
}
