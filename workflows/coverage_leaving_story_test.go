package workflows

import (
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/review"
)

// alsoCounted has whoever looks for what else has to come back find some of a kind.
func (w *whole) alsoCounted(kind exit.AssetKind, n int64) {
	w.always("assets-else", func(a *review.Answer) {
		a.Findings = append(a.Findings, engagement.Finding{Point: string(kind), Number: &n})
		w.refill(a, func(string, *engagement.Finding) bool { return true })
	})
}

// seesNot has whoever looks at things find that one is not so, however often they look.
func (w *whole) seesNot(step, asset string) { w.fills(step, line(asset, chose(engagement.No))) }

// Three of the vendor's people move with the service, and the plan names none of them.
// Somebody has to look who moves; then the list that the law wants is asked for, and
// nobody files it.
func TestCoverageStaffWhoMoveAreForgotten(t *testing.T) {
	coversLeaving(t, rows(7), parting{
		without: []removal{stepOut("assets-else"), stepOut("staff-list")},
		plays:   func(l *wholeExit) { l.alsoCounted(exit.AssetStaff, 3); l.never("staff-list-staff") },
		stops:   []string{"staff-list-staff"}})
}

// The list of those who move is filed, and two of them do not know where they work from
// then on. Whoever asks them hears it.
func TestCoverageNobodyAskedThoseWhoMove(t *testing.T) {
	coversLeaving(t, rows(7), parting{
		without: []removal{stepOut("staff-verify")},
		plays: func(l *wholeExit) {
			l.alsoCounted(exit.AssetStaff, 3)
			l.seesNot("staff-verify-staff", "more-staff-2")
		}})
}

// The vendor keeps what is ours and hands nothing over. It is asked by name of each thing,
// and what it does not hand over is not said to be here.
func TestCoverageTheVendorKeepsWhatIsOurs(t *testing.T) {
	coversLeaving(t, rows(7, 25), parting{
		without: []removal{stepOut("assets-hand-over")},
		plays:   func(l *wholeExit) { l.never("assets-hand-over-domain") },
		stops:   []string{"settle-domain"}})
}

// It is said to be handed over and stands in the vendor's name still. Somebody else than
// who takes it over looks, and sees that.
func TestCoverageItStandsInTheVendorsName(t *testing.T) {
	coversLeaving(t, rows(7, 25), parting{
		without: []removal{stepOut("assets-verify")},
		plays:   func(l *wholeExit) { l.seesNot("assets-verify-domain", "asset-1") }})
}

// A licence runs in the vendor's name, and no plan names it. Whoever looks through contract
// and invoices finds it, and the vendor does not let it go.
func TestCoverageALicenceThatNobodyThoughtOf(t *testing.T) {
	coversLeaving(t, rows(25), parting{
		without: []removal{stepOut("assets-else")},
		plays: func(l *wholeExit) {
			l.alsoCounted(exit.AssetLicence, 1)
			l.seesNot("assets-hand-over-licence", "more-licence-1")
			l.seesNot("assets-verify-licence", "more-licence-1")
		}})
}

// What only the vendor knows is in its people's heads, and nobody ever sits down with them.
func TestCoverageTheyTakeItWithThem(t *testing.T) {
	coversLeaving(t, rows(25), parting{
		without: []removal{stepOut("transfer-session")},
		plays:   func(l *wholeExit) { l.never("transfer-session-area-1") },
		stops:   []string{"transfer-session-area-1"}})
}

// The vendor sends nothing of what it wrote down. It is asked for it, and where it stays
// silent the record says that what was learned is from our side alone.
func TestCoverageNothingIsWrittenDown(t *testing.T) {
	coversLeaving(t, rows(25), parting{lasts: 90,
		without: []removal{stepOut("transfer-material")},
		plays:   func(l *wholeExit) { l.never("transfer-material-area-1") },
		through: func(l *wholeExit, out ExitResult) bool {
			return certified(l, out) && !slices.ContainsFunc(l.rec.of(dossier.MatterSettled), func(e dossier.Entry) bool {
				return e.Detail.Name == "area-1" && slices.Contains(e.Detail.Values, string(ourSide))
			})
		}})
}

// A copy of the source was kept, and nothing can be built from it. Somebody restores it on
// a machine of ours before the vendor's own is given up, and says so.
func TestCoverageACopyThatBuildsNothing(t *testing.T) {
	coversLeaving(t, rows(25), parting{repository: true,
		without: []removal{stepOut("assets-restore")},
		plays:   func(l *wholeExit) { l.seesNot("assets-restore-repository", "asset-1") }})
}

// A month after the vendor is off a domain is missed that no plan names: it runs on in the
// vendor's name, and the vendor does not let it go. Those who do the work now are asked.
func TestCoverageADomainThatIsMissedAMonthLater(t *testing.T) {
	coversLeaving(t, rows(25), parting{
		without: []removal{stepOut("exit-forgotten")},
		plays: func(l *wholeExit) {
			l.forgets([2]string{string(exit.AssetDomain), "pay.example"})
			l.seesNot("assets-hand-over-domain", "found-1")
			l.seesNot("assets-verify-domain", "found-1")
		}})
}

// Whoever answers for the service thinks of nothing that was forgotten. IT reads that, and
// knows of a telephone system that the vendor runs still.
func TestCoverageOneThinksOfNothing(t *testing.T) {
	coversLeaving(t, rows(25), parting{
		without: []removal{acceptOut("exit-forgotten")},
		plays:   func(l *wholeExit) { l.always("exit-forgotten"+acceptSuffix, no) }})
}

// The plan is that of the day on which the vendor came, and nothing in it is so any more.
// Those who carry it out do not sign it.
func TestCoverageAPlanOfYearsAgo(t *testing.T) {
	coversLeaving(t, rows(26), parting{
		without: []removal{stepOut("exit-carry-out"), acceptOut("exit-carry-out")},
		plays:   func(l *wholeExit) { l.always("exit-carry-out-accept", no) }})
}

// The new way does the same work and something else comes out. Whoever compares them says
// so, and who accepts that does not.
func TestCoverageOldAndNewDiffer(t *testing.T) {
	coversLeaving(t, rows(26), parting{
		without: []removal{stepOut("exit-parallel"), acceptOut("exit-parallel")},
		plays: func(l *wholeExit) {
			l.fills("exit-parallel", line("check-1-same", chose(engagement.No)))
			l.refuses("exit-parallel", says("check-1-same", engagement.No))
		}})
}

// The day has come, and nothing works without the vendor. Until those who live with it say
// yes nothing of the vendor's is cut.
func TestCoverageNothingWorksWithoutThem(t *testing.T) {
	coversLeaving(t, rows(26), parting{
		without: []removal{stepOut("exit-cut-over")},
		plays:   func(l *wholeExit) { l.always("exit-cut-over", no) },
		through: func(l *wholeExit, _ ExitResult) bool { return len(l.estate.cuts) > 0 }})
}

// Nobody gives notice: the vendor is gone and the contract goes on, and is paid.
func TestCoverageTheContractIsPaidOn(t *testing.T) {
	coversLeaving(t, rows(26), parting{
		without: []removal{stepOut("exit-notice")},
		plays:   func(l *wholeExit) { l.never("exit-notice") },
		stops:   []string{"exit-notice"}})
}

// The last invoice has lines that nobody agreed. Whoever answers for the service reads
// that the two sides do not agree, and does not take it.
func TestCoverageWhatStandsOnTheLastInvoice(t *testing.T) {
	coversLeaving(t, rows(26), parting{
		without: []removal{stepOut("exit-money"), acceptOut("exit-money")},
		plays: func(l *wholeExit) {
			l.fills("exit-money", line("agreed", chose(engagement.No)))
			l.refuses("exit-money", says("agreed", engagement.No))
		}})
}

// There is no time, and half of the plan is dropped without a word. What is given up is
// read by those who have to live with it, and one of them can't.
func TestCoverageDroppedWithoutAWord(t *testing.T) {
	coversLeaving(t, rows(26), parting{mode: exit.ModeStressed,
		without: []removal{stepOut("exit-given-up")},
		plays:   func(l *wholeExit) { l.always("exit-given-up", no) }})
}

// The vendor answers nothing and holds us by that. It is written to, put in default, called
// from the top, and those outside are told; then we go on without it.
func TestCoverageAVendorWhoHoldsUs(t *testing.T) {
	coversLeaving(t, rows(26), parting{mode: exit.ModeStressed, lasts: 120,
		without: []removal{stepOut("chase-letter", "chase-formal", "chase-sponsor", "chase-outside")},
		plays:   func(l *wholeExit) { l.never("transfer-material-area-1") },
		through: func(_ *wholeExit, out ExitResult) bool { return out.Result != ResultExited }})
}

// Two of the emergency list have a vendor cut whom they never wanted. Others read why on
// the next working day, do not find it, and those who answer for the vendor hear of it.
func TestCoverageTwoWhoNeverWantedThem(t *testing.T) {
	coversLeaving(t, rows(5), parting{mode: exit.ModeForCause,
		without: []removal{stepOut("exit-ratify")},
		plays:   func(l *wholeExit) { l.always("exit-ratify", no) },
		through: func(l *wholeExit, out ExitResult) bool {
			return certified(l, out) && len(l.rec.of(dossier.NotRatified)) == 0
		}})
}

// What binds the vendor after the end is looked for by nobody: how long it has to keep to
// itself what it knows of us, say.
func TestCoverageWhatStillBindsThem(t *testing.T) {
	coversLeaving(t, rows(14), parting{
		without: []removal{stepOut("exit-survival")},
		plays:   func(l *wholeExit) { l.never("exit-survival") },
		stops:   []string{"exit-survival"}})
}

// Nobody says whether our data come back or are deleted, so that the vendor does as it
// likes: the choice is ours.
func TestCoverageTheVendorChoosesWhatBecomesOfOurData(t *testing.T) {
	coversLeaving(t, rows(15), parting{
		without: []removal{stepOut("data-choice")},
		plays:   func(l *wholeExit) { l.never("data-choice") },
		stops:   []string{"data-choice"}})
}

// What went wrong is known to those who were there, and the next vendor of the kind is
// looked at as if nothing had been.
func TestCoverageNobodyWritesDownWhatWentWrong(t *testing.T) {
	coversLeaving(t, rows(17), parting{
		without: []removal{stepOut("exit-lessons")},
		plays:   func(l *wholeExit) { l.never("exit-lessons") },
		stops:   []string{"exit-lessons"}})
}

// They still get in where no program looks: by telephone, a shared password, a key to the
// door. Somebody goes through those systems, and the second person sees that they do.
func TestCoverageTheyStillHaveTheKeyToTheDoor(t *testing.T) {
	coversLeaving(t, rows(20), parting{
		without: []removal{stepOut("access-systems")},
		plays: func(l *wholeExit) {
			l.fills("access-systems", lines("-state", chose("Can't be seen")))
			l.always("access-second", no)
		}})
}

// They know a secret of the builds, and nobody makes it anew; or it is made anew, and the
// old one still works.
func TestCoverageTheyKnowASecret(t *testing.T) {
	for what, c := range map[string]struct {
		step  string
		rows  []int
		plays func(*wholeExit)
	}{
		"and it is never made anew": {"secrets-anew", rows(20), func(l *wholeExit) { l.never("secrets-anew-ci-secret") }},
		"and the old one works":     {"secrets-verify", rows(20), func(l *wholeExit) { l.seesNot("secrets-verify-ci-secret", "more-ci-secret-1") }},
	} {
		t.Run(what, func(t *testing.T) {
			coversLeaving(t, c.rows, parting{
				without: []removal{stepOut(c.step)},
				plays:   func(l *wholeExit) { l.alsoCounted(exit.AssetSecret, 1); c.plays(l) }})
		})
	}
}

// What the exit itself insists on: without such a step nothing that waives nothing is ever
// signed, whatever the playbook says, and with all of them it is.
func TestCoverageNoExitGoesWithout(t *testing.T) {
	planned, cause := parting{}, parting{mode: exit.ModeForCause}
	brief := parting{tier: 3, plays: func(l *wholeExit) { l.exit.Plan = "" }} // of a small vendor nobody made one
	for name, p := range map[string]parting{"all of them": planned, "all of a small one": brief, "all for cause": cause} {
		t.Run(name, func(t *testing.T) {
			if l, out, _ := p.played(t); !certified(l, out) {
				t.Errorf("it ended as %s:\n%s", out.Result, l.trace())
			}
		})
	}
	if sampled > 1 {
		return
	}
	for step, p := range map[string]parting{
		"exit-decide":       planned,
		"exit-decide-brief": brief,
		"exit-emergency":    cause,
		"exit-close":        planned,
		"transfer-shown":    planned,
		"transfer-received": planned,
		"assets-take":       planned,
		"access-roster":     planned,
		"access-more":       planned,
		"access-second":     planned,
		"data-returned":     planned,
		"data-opened":       planned,
		"data-deleted":      planned,
		"data-checked":      planned,
	} {
		t.Run(step, func(t *testing.T) {
			if l, out, _ := p.played(t, without(step)); certified(l, out) {
				t.Errorf("without %s the vendor is off, and nobody noticed", step)
			}
		})
	}
}
