package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/review"
)

// run carries a part of an exit from its start to its record: step looks at the state and
// does the next thing, as long as the result is empty.
func (m *concerns) run(ctx workflow.Context, in ExitPartInput, result *ExitPartResult, step func(workflow.Context) (bool, error)) (ExitPartResult, error) {
	p := m.process
	if in.Parent == "" {
		p.caseOpened(ctx)
	}
	err := p.hear(ctx)
	if err != nil {
		return ExitPartResult{}, err
	}
	return m.end(ctx, in, result, m.loop(ctx, result, step))
}

// end files the record of a part that is over, or broke off.
func (m *concerns) end(ctx workflow.Context, in ExitPartInput, result *ExitPartResult, err error) (ExitPartResult, error) {
	p := m.process
	if temporal.IsCanceledError(err) {
		result.Result = ResultWithdrawn
		ctx, _ = workflow.NewDisconnectedContext(ctx)
	} else if err != nil { // it broke off, or goes on in a new run
		return ExitPartResult{}, err
	}
	p.shutAll(ctx, result.Result)
	result.Recused, result.Declared, result.Stated = p.recused, p.declared, p.stated
	if in.Parent != "" { // nobody waits to hear whom a case of its own asked
		result.Outward = p.outward()
	}
	result.Matters, result.Expiries = m.list(), m.expiries()
	end := &dossier.Detail{Result: result.Result, Vendor: in.Vendor}
	p.note(ctx, dossier.ProcessEnded, result.By, "", nil, end)
	if in.Parent == "" {
		p.caseClosed(ctx, result.By, end)
	}
	p.report(ctx, News{Result: result.Result, By: result.By, Recused: p.recused, Expiries: result.Expiries})
	return *result, p.filed(ctx)
}

func (m *concerns) loop(ctx workflow.Context, result *ExitPartResult, step func(workflow.Context) (bool, error)) error {
	for result.Result == "" {
		again, err := m.once(ctx, result, step)
		if err != nil {
			return err
		}
		if again || result.Result != "" {
			continue
		}
		err = m.turn(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// once does the next thing, and says when the clock wants the one after it; again says
// that the state has to be looked at anew before sleeping.
func (m *concerns) once(ctx workflow.Context, result *ExitPartResult, step func(workflow.Context) (bool, error)) (again bool, err error) {
	m.wake = time.Time{}
	switch {
	case m.withdrawn != nil:
		m.withdraw(ctx, result)
	case m.held == nil || m.restless:
		again, err = step(ctx)
		if first := m.waking(ctx); m.held == nil && !first.IsZero() && (m.wake.IsZero() || first.Before(m.wake)) {
			m.wake = first
		}
	}
	return again, err
}

// withdraw ends the part as it stands: what was not seen to stays so.
func (m *concerns) withdraw(ctx workflow.Context, result *ExitPartResult) {
	result.Result, result.By = ResultWithdrawn, m.withdrawn.Person.ID
	if m.withdrawn.Kind == review.Reopen {
		result.Result = ResultReopened
	}
	m.note(ctx, dossier.Withdrawn, m.withdrawn.Person.ID, m.withdrawn.ID, nil, &dossier.Detail{Written: m.withdrawn.Written})
}
