package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// patient is for what must happen: the record, showing, seating. It is tried for
// ever, at most half a minute apart, since a database or a channel that is down
// comes back and a person's answer must not be lost to its absence. An attempt
// whose worker was killed is given up after ten seconds: so long a case stands
// still after a crash.
func patient(summary string) workflow.ActivityOptions {
	return within(10*time.Second, summary)
}

// thorough is patient for what reads whole documents and may take its time.
func thorough(summary string) workflow.ActivityOptions {
	return within(time.Minute, summary)
}

// within tries for ever, each attempt bounded.
func within(attempt time.Duration, summary string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: attempt,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    200 * time.Millisecond,
			BackoffCoefficient: 2,
			MaximumInterval:    30 * time.Second,
		},
	}
}

// fewTimes is for what may be away for days while other things must not wait for it:
// eight attempts within a minute and a half of pauses. Whoever calls it does something
// sensible with a failure, and tries again on another day.
func fewTimes(attempt time.Duration, summary string) workflow.ActivityOptions {
	o := within(attempt, summary)
	o.RetryPolicy.InitialInterval, o.RetryPolicy.MaximumAttempts = time.Second, 8
	return o
}

// resumed is for what looks at hundreds of things and says with heartbeats how far it is:
// an attempt may take hours, one that is silent for two minutes is given up, and the next
// goes on where it was. A system that is away for longer is tried again on another day.
func resumed(summary string) workflow.ActivityOptions {
	o := within(6*time.Hour, summary)
	o.HeartbeatTimeout = 2 * time.Minute
	o.RetryPolicy.InitialInterval, o.RetryPolicy.MaximumAttempts = time.Second, 20
	return o
}
