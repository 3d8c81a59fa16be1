package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// Replaced says that one person takes another's place for good.
type Replaced struct {
	Leaver string        `json:"leaver"`
	By     review.Person `json:"by"`
	// Actor is who said so, Answer the id under which the reason stands.
	Actor  string `json:"actor,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// replace gives one person's seats and their part in the case to another. Doing
// it again finds nothing to do. Who asked for the case stays who asked for it.
func (p *process) replace(ctx workflow.Context, r Replaced) {
	now := p.now(ctx)
	// A contact of the vendor takes another's place in the vendor's seats.
	ours := r.By.Employer == "" || r.By.Employer == p.in.Vendor
	able := r.By.ID != "" && r.By.Active && ours && !slices.Contains(p.recused, r.By.ID)
	for _, a := range p.asks {
		if a.req.Closed != nil {
			continue
		}
		for _, id := range a.req.SeatsOf(r.Leaver, now) {
			p.replaceIn(ctx, a, id, r, able, now)
		}
	}
	p.replaceOwner(ctx, r, able && r.By.Employer == "")
}

// replaceIn gives one seat on. Whoever may not hold it leaves it to the role's
// others; when there is nobody the owner is told, as of every vacant seat.
func (p *process) replaceIn(ctx workflow.Context, a *asked, id string, r Replaced, able bool, now time.Time) {
	holders := a.req.Seating(id).Holders
	was := holders[slices.IndexFunc(holders, func(h review.Holder) bool { return h.Person == r.Leaver && h.Active(now) })]
	p.apply(ctx, a, []review.Fact{{Kind: review.FactUnseated, Request: a.req.ID, At: now, Seat: id, Person: r.Leaver, Why: "replaced"}})
	if !able || !a.req.MayHold(id, r.By, now) {
		return
	}
	h := review.Holder{Person: r.By.ID, Via: was.Via, From: was.From, Since: now, Until: was.Until, Lacks: lacking(a, id, r.By)}
	seat, _, _ := a.req.Seat(id)
	if strings.HasPrefix(seat.Role, review.NamedPrefix) { // the seat is another's by name
		h.Via, h.From = review.ViaBackup, r.Leaver
	}
	p.apply(ctx, a, []review.Fact{{Kind: review.FactSeated, Request: a.req.ID, At: now, Seat: id, Person: h.Person, Holder: &h, Why: "replaced"}})
}

// replaceOwner changes who owns the case, stands in for its owner or sponsors it.
func (p *process) replaceOwner(ctx workflow.Context, r Replaced, able bool) {
	if !able {
		return
	}
	changed := false
	for _, id := range []*string{&p.in.Owner, &p.in.Deputy, &p.in.Sponsor} {
		if *id == r.Leaver {
			*id, changed = r.By.ID, true
		}
	}
	if !changed {
		return
	}
	if p.in.Deputy == p.in.Owner {
		p.in.Deputy = ""
	}
	p.owners = []string{p.in.Owner, p.in.Deputy, p.in.Sponsor}
	for _, a := range p.asks {
		if a.req.Closed == nil {
			a.req.Owner = p.in.Owner
			if a.req.Filers != nil {
				a.req.Filers = []string{p.in.Owner, p.in.Deputy, p.in.Sponsor}
			}
		}
	}
	p.note(ctx, dossier.OwnerChanged, r.Actor, r.Answer, nil, &dossier.Detail{Owner: p.in.Owner, Deputy: p.in.Deputy, Sponsor: p.in.Sponsor})
}
