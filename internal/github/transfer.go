package github

import (
	"context"
	"strings"

	"gangway/internal/custody"
	"gangway/internal/exit"
)

// Transfer asks for a repository to be handed over to the client's organisation, once,
// and watches it for a while. GitHub's answer says nothing but that it was asked: only the
// number under the new owner does.
func (m *Mover) Transfer(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	ctx, t := trailing(ctx)
	p := m.passage(i, before)
	err := m.transfer(ctx, &p)
	p.Calls = t.probes()
	return p, m.settle(err, &p.State, &p.Why, &p.Needs)
}

// Stand looks where a repository is.
func (m *Mover) Stand(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	ctx, t := trailing(ctx)
	p := m.passage(i, before)
	_, err := m.stand(ctx, &p)
	p.Calls = t.probes()
	return p, m.settle(err, &p.State, &p.Why, &p.Needs)
}

// passage begins with what is known: the repository's number, and when it was asked for.
func (m *Mover) passage(i custody.Item, before custody.Passage) custody.Passage {
	p := custody.Passage{Item: i, At: m.c.o.Now().UTC(), State: exit.StateOpen, Why: custody.WhyNotAsked, To: m.c.o.Organisation}
	if before.Asset == i.Asset {
		p.Asked, p.Repository = before.Asked, before.Repository
	}
	p.Repository.Owner = m.ownerOf(custody.Item{Repository: p.Repository})
	return p
}

// stand finds a repository, by its number where that is known, and says whether it is
// where it should be.
func (m *Mover) stand(ctx context.Context, p *custody.Passage) (Located, error) {
	l, err := m.find(ctx, p)
	if err != nil {
		return l, err
	}
	p.Repository.ID, p.Owner, p.Name = l.ID, l.Owner.Login, l.Name
	switch {
	case strings.EqualFold(l.Owner.Login, p.To):
		p.State, p.Why, p.Repeat = exit.StateDone, "", true
	case !strings.EqualFold(l.Owner.Login, p.Repository.Owner):
		p.State, p.Why = exit.StateFailed, custody.WhyMoved // somebody else has it
	case p.Asked.IsZero():
		p.State, p.Why = exit.StateOpen, custody.WhyNotAsked
	case !m.c.o.Now().Before(p.Asked.Add(acceptanceDays)):
		p.State, p.Why = exit.StateFailed, custody.WhyAcceptance // what GitHub asked somebody for has run out
	default:
		p.State, p.Why = exit.StateOpen, custody.WhyUnderWay
	}
	return l, nil
}

func (m *Mover) find(ctx context.Context, p *custody.Passage) (Located, error) {
	if p.Repository.ID != 0 {
		return m.c.LocateByID(ctx, p.Repository.ID)
	}
	return m.c.Locate(ctx, p.Repository.Owner, p.Repository.Name)
}

func (m *Mover) transfer(ctx context.Context, p *custody.Passage) error {
	l, err := m.stand(ctx, p)
	if err != nil || p.State == exit.StateDone || p.Why == custody.WhyMoved {
		return err
	}
	if p.Why != custody.WhyUnderWay {
		said, err := m.c.Transfer(ctx, l.Owner.Login, l.Name, p.To)
		if is(err, Refused) {
			p.State, p.Why = exit.StateFailed, whySaid(said)
			if p.Why != custody.WhyUnderWay {
				return nil
			}
			p.State, err = exit.StateOpen, nil
		}
		if err != nil {
			return err
		}
		p.Asked = m.c.o.Now().UTC()
	}
	until := m.c.o.Now().Add(m.o.Watched)
	for pause := watchFirst; ; pause = min(2*pause, watchMost) {
		if _, err := m.stand(ctx, p); err != nil {
			if e, ofCall := faultOf(err); !ofCall || e.Permanent() && e.Fault != Hidden {
				return err
			}
			// It was asked for, and to ask again is no use: whoever looks next says more.
			p.State, p.Why = exit.StateOpen, custody.WhyUnderWay
		}
		if p.State != exit.StateOpen || !m.c.o.Now().Add(pause).Before(until) {
			return nil
		}
		if err := m.c.o.Wait(ctx, pause); err != nil {
			return nil // likewise
		}
	}
}

// whySaid is why GitHub refuses a transfer, from its words. What it says of one that is
// under way already is no refusal.
func whySaid(said string) custody.Why {
	switch {
	case strings.Contains(said, "fork"):
		return custody.WhyFork
	case strings.Contains(said, "already being transferred"), strings.Contains(said, "transfer in progress"), strings.Contains(said, "previous repository operation is still in progress"):
		return custody.WhyUnderWay
	case strings.Contains(said, "already exists"), strings.Contains(said, "name already"):
		return custody.WhyNameTaken
	}
	return custody.WhyRefused
}
