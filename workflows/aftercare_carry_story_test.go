package workflows

import (
	"fmt"
	"slices"
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/inventory"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// Holds, replacements, redelivered acts, a refused stranger, waivers of part of a day,
// words for the vendor and a decision that nobody takes for a year outlive every new run;
// so do the numbers of entries, requests and documents.
func TestAftercareLosesNothing(t *testing.T) {
	var once review.Act
	c := sameCare(t, func(c *care) {
		lapsed := playbook.ChoreLapsed
		c.backup("data-return/acme/1:backup-1", 40)
		c.backup("data-return/acme/1:backup-2", 40)
		c.waived("revocation/acme/1:deploy-keys", 20)
		c.waived("revocation/acme/1:tokens", 20)
		c.waived("data-return/acme/1:returned", 30)
		c.after(18, func() { c.act(careID, "owner-ola", review.Hold, func(a *review.Act) { once = *a }) })
		c.after(18.5, func() {
			c.send(careID, UpdateAct, "hold again", once)
			c.refused(c.act(careID, "owner-ola", review.Hold), review.OnHold)
		})
		c.after(26, func() { c.act(careID, "owner-ola", review.Resume) })
		c.after(27, func() { // two of them have ended, the third is about to
			c.refused(c.answer("privacy-pia", "settle-"+lapsed, playbook.LookAgain), review.NoSeat)
			c.settles(lapsed, playbook.LookAgain)
		})
		c.after(29.5, func() { c.settles(lapsed, playbook.LookAgain) }) // the key is there still
		c.after(30.5, func() {
			c.answer("owner-ola", playbook.ChoreShown, review.Delivered, deliver(c.text("letter", "it came")))
		})
		c.after(31.5, func() { c.answer("sponsor-sue", playbook.ChoreShown+acceptSuffix, review.Approve) })
		c.waivesOnce(33, lapsed, 60)
		c.after(55, func() { c.settles(playbook.ChoreNoBackup, playbook.AskVendor, telling) })
		c.after(56, func() { // the key's waiver is about to end
			c.know("owner-ola", func(p *playbook.Person) { p.Left = true })
			c.ids++
			c.send(careID, UpdatePeople, fmt.Sprintf("people%d", c.ids), PeopleChange{Revision: 2, People: []review.Person{c.person("owner-ola")},
				Replaced: &Replaced{Leaver: "owner-ola", By: c.person("board-bea"), Actor: "sponsor-sue", Answer: "why"}})
			c.estate.leaves("forgotten key")
			c.gone("acme.1", 56)
		})
		c.after(450, func() { c.takes(review.Approve) })
		c.after(451, func() { c.answer("board-bea", "settle-"+lapsed, playbook.LookAgain) })
	}, theirs(inventory.PlaceDeployKeys, "ledger", "forgotten key"))
	if c.out.Result != ResultDone || len(c.out.Matters) != 5 {
		t.Errorf("%+v", c.out)
	}
	if m := wantMatter(t, c.out, "backup-2", exit.StateDone); m.By != "privacy-pia" {
		t.Errorf("%+v", m)
	}
	if e := c.rec.of(dossier.OwnerChanged); len(e) != 1 || e[0].Detail.Owner != "board-bea" {
		t.Errorf("owners: %+v", e)
	}
	if got := c.openedOn(exit.DoesBackup); !slices.Equal(got, []int{40, 55}) {
		t.Errorf("the vendor was asked on the days %v", got)
	}
}
