// Package slacktest is a strict Slack on loopback: one workspace, its Web API,
// Socket Mode, signed deliveries, and the people who click. Its answers have the
// shapes of Slack's documentation. It refuses what Slack refuses, fails to order,
// and keeps what came. Tests, the demo and local use it; it knows nothing of ours.
package slacktest
