package workflows

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
)

// Register pins every workflow and activity to its name in histories. Used by
// workers, by replay and by tests, so that all of them know the same names.
func Register(r worker.Registry, a *activities.Activities) {
	RegisterWorkflows(r)
	RegisterActivities(r, a)
}

// RegisterActivities pins the activities alone: the worker of drills has no processes.
func RegisterActivities(r worker.ActivityRegistry, a *activities.Activities) {
	r.RegisterActivityWithOptions(a.Record, activity.RegisterOptions{Name: actRecord})
	r.RegisterActivityWithOptions(a.Number, activity.RegisterOptions{Name: actNumber})
	r.RegisterActivityWithOptions(a.Seat, activity.RegisterOptions{Name: actSeat})
	r.RegisterActivityWithOptions(a.Show, activity.RegisterOptions{Name: actShow})
	r.RegisterActivityWithOptions(a.Compare, activity.RegisterOptions{Name: actCompare})
	r.RegisterActivityWithOptions(a.Examine, activity.RegisterOptions{Name: actExamine})
	r.RegisterActivityWithOptions(a.GrantAccess, activity.RegisterOptions{Name: actGrantAccess})
	r.RegisterActivityWithOptions(a.RemoveAccess, activity.RegisterOptions{Name: actRemoveAccess})
	r.RegisterActivityWithOptions(a.ListAccess, activity.RegisterOptions{Name: actListAccess})
	r.RegisterActivityWithOptions(a.Roster, activity.RegisterOptions{Name: actRoster})
	r.RegisterActivityWithOptions(a.Inventory, activity.RegisterOptions{Name: actInventory})
	r.RegisterActivityWithOptions(a.Cut, activity.RegisterOptions{Name: actCut})
	r.RegisterActivityWithOptions(a.OpenReturned, activity.RegisterOptions{Name: actOpenReturned})
	r.RegisterActivityWithOptions(a.Invite, activity.RegisterOptions{Name: actInvite})
	r.RegisterActivityWithOptions(a.InviteSession, activity.RegisterOptions{Name: actSession})
	r.RegisterActivityWithOptions(a.Calendar, activity.RegisterOptions{Name: actCalendar})
	r.RegisterActivityWithOptions(a.Erase, activity.RegisterOptions{Name: actErase})
	r.RegisterActivityWithOptions(a.PlanExit, activity.RegisterOptions{Name: actPlanExit})
	r.RegisterActivityWithOptions(a.Certify, activity.RegisterOptions{Name: actCertify})
	r.RegisterActivityWithOptions(a.Foresee, activity.RegisterOptions{Name: actForesee})
	r.RegisterActivityWithOptions(a.GiveUp, activity.RegisterOptions{Name: actGiveUp})
	r.RegisterActivityWithOptions(a.KeepRepositories, activity.RegisterOptions{Name: actKeepRepositories})
	r.RegisterActivityWithOptions(a.RestoreRepositories, activity.RegisterOptions{Name: actRestoreRepositories})
	r.RegisterActivityWithOptions(a.TransferRepositories, activity.RegisterOptions{Name: actTransferRepositories})
	r.RegisterActivityWithOptions(a.RepositoriesStand, activity.RegisterOptions{Name: actRepositoriesStand})
	r.RegisterActivityWithOptions(a.Authors, activity.RegisterOptions{Name: actAuthors})
}

// RegisterWorkflows pins the workflows alone: a replay needs no activities.
func RegisterWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Onboarding, workflow.RegisterOptions{Name: OnboardingType})
	r.RegisterWorkflowWithOptions(Exit, workflow.RegisterOptions{Name: ExitType})
	r.RegisterWorkflowWithOptions(ContractReview, workflow.RegisterOptions{Name: ContractType})
	r.RegisterWorkflowWithOptions(DPACollection, workflow.RegisterOptions{Name: DPAType})
	r.RegisterWorkflowWithOptions(Pilot, workflow.RegisterOptions{Name: PilotType})
	r.RegisterWorkflowWithOptions(DueDiligence, workflow.RegisterOptions{Name: DiligenceType})
	r.RegisterWorkflowWithOptions(Revocation, workflow.RegisterOptions{Name: RevocationType})
	r.RegisterWorkflowWithOptions(DataReturn, workflow.RegisterOptions{Name: DataReturnType})
	r.RegisterWorkflowWithOptions(Aftercare, workflow.RegisterOptions{Name: AftercareType})
	r.RegisterWorkflowWithOptions(Oversight, workflow.RegisterOptions{Name: OversightType})
	r.RegisterWorkflowWithOptions(KnowledgeTransfer, workflow.RegisterOptions{Name: TransferType})
	r.RegisterWorkflowWithOptions(AssetHandover, workflow.RegisterOptions{Name: HandoverType})
}
