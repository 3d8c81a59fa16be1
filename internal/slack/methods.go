package slack

import "time"

// Names of the Web API methods that we call.
const (
	AuthTest          = "auth.test"
	OpenConnection    = "apps.connections.open"
	UserInfo          = "users.info"
	LookupByEmail     = "users.lookupByEmail"
	OpenConversation  = "conversations.open"
	ConversationInfo  = "conversations.info"
	PostMessage       = "chat.postMessage"
	UpdateMessage     = "chat.update"
	PostEphemeral     = "chat.postEphemeral"
	OpenView          = "views.open"
	UpdateView        = "views.update"
	PublishView       = "views.publish"
	scopeWrite        = "chat:write"
	scopeUsers        = "users:read"
	scopeMail         = "users:read.email"
	scopeDM           = "im:write"
	scopeConnections  = "connections:write"
	perMessageChannel = time.Second
)

// Method is a Web API method that we call.
type Method struct {
	Name string
	// Scope is what the token needs for it; empty: nothing but being a token.
	Scope string
	// More are scopes that let it see more, and that it works without.
	More []string
	// AppLevel: it is called with the app-level token (xapp-), not the bot's.
	AppLevel bool
	// Minute is how many calls a minute Slack lets an app make in a workspace
	// (Slack, "Rate limits", the tier of the method's page). We stay below.
	Minute int
	// PerChannel is the least time between two calls for the same channel; zero:
	// Slack counts none.
	PerChannel time.Duration
	// For is what we call it for.
	For string
}

// Methods lists the Web API methods that we call, all of them. Pacing, manifest
// and the operator's check read it.
func Methods() []Method {
	const tier1, tier3, tier4 = 1, 50, 100
	// "Several hundred a minute" for a workspace is all that Slack says of messages.
	const messages = 240
	return []Method{
		{Name: AuthTest, Minute: tier4, For: "which workspace and which app a token belongs to"},
		{Name: OpenConnection, Scope: scopeConnections, AppLevel: true, Minute: tier1, For: "Socket Mode, where Slack can't reach us"},
		{Name: UserInfo, Scope: scopeUsers, Minute: tier4, For: "whether somebody is a full member, at assignment and at each click"},
		{Name: LookupByEmail, Scope: scopeMail, Minute: tier3, For: "finding a person once by their mail address, where that is allowed"},
		{Name: OpenConversation, Scope: scopeDM, Minute: tier3, For: "the conversation in which a person gets cards"},
		{Name: ConversationInfo, Scope: "", More: []string{"channels:read", "groups:read"}, Minute: tier3, For: "whether a channel is shared with another organisation"},
		{Name: PostMessage, Scope: scopeWrite, Minute: messages, PerChannel: perMessageChannel, For: "cards, boards and words to people"},
		{Name: UpdateMessage, Scope: scopeWrite, Minute: tier3, For: "keeping every copy true"},
		{Name: PostEphemeral, Scope: scopeWrite, Minute: tier4, For: "private answers to clicks"},
		{Name: OpenView, Minute: tier4, For: "modals"},
		{Name: UpdateView, Minute: tier4, For: "modals that show what became of what was said"},
		{Name: PublishView, Minute: tier4, For: "the home page"},
	}
}
