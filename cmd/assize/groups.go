package main

import (
	"github.com/spf13/cobra"
)

// groupCommand is a command of a group, below "assize assessment" and the like. All of them work on a deployment.
type groupCommand = *cobra.Command

// group is a noun with its verbs.
type group struct {
	use, short, long string
	commands         []func(*dataFlags) groupCommand
}

// groups are all of them. A test holds the list against the files.
var groups = []group{
	{
		"assessment", "Assessments that go on: create, look at, change, complete",
		"An assessment applies a framework to accounts again and again. It keeps evidence that nobody can alter\n" +
			"unseen, and demands from people what only people can give. docs/assessments.md goes through a first one.",
		[]func(*dataFlags) groupCommand{
			newAssessmentComplete, newAssessmentCreate, newAssessmentDelete, newAssessmentList, newAssessmentLog,
			newAssessmentNotifications, newAssessmentReopen,
			newAssessmentRun, newAssessmentShow, newAssessmentUpdate,
		},
	},
	{
		"control", "Controls of an assessment: what they rest on, decisions, comments", "",
		[]func(*dataFlags) groupCommand{newControlComment, newControlDecide, newControlShow},
	},
	{
		"delegation", "Give control sets to subject experts, and take them back", "",
		[]func(*dataFlags) groupCommand{newDelegationComplete, newDelegationCreate, newDelegationList, newDelegationSubmit},
	},
	{
		"evidence", "Evidence: add what only people can give, list, read", "",
		[]func(*dataFlags) groupCommand{newEvidenceAdd, newEvidenceForm, newEvidenceGet, newEvidenceImport, newEvidenceList, newEvidenceReview, newEvidenceSelect},
	},
	{
		"exception", "Exceptions: failing evidence that counts as excepted for a time, and is never hidden", "",
		[]func(*dataFlags) groupCommand{
			newExceptionApprove, newExceptionList, newExceptionReject, newExceptionRequest, newExceptionRevoke,
		},
	},
	{
		"hold", "Legal holds: while one stands nothing of the assessment is destroyed", "",
		[]func(*dataFlags) groupCommand{newHoldLift, newHoldSet},
	},
	{
		"ledger", "The ledger: prove, export, check", "",
		[]func(*dataFlags) groupCommand{newLedgerAcknowledge, newLedgerCheck, newLedgerExport, newLedgerProve},
	},
	{
		"occurrence", "Due work of people", "",
		[]func(*dataFlags) groupCommand{newOccurrenceExcuse, newOccurrenceList},
	},
	{
		"report", "Reports that an auditor can check offline", "",
		[]func(*dataFlags) groupCommand{newReportCreate, newReportDelete, newReportList},
	},
	{
		"workload", "The register of AI workloads", "",
		[]func(*dataFlags) groupCommand{newWorkloadAdd, newWorkloadFind, newWorkloadList, newWorkloadRetire},
	},
}

// command makes the command of a group.
func (g *group) command() *cobra.Command {
	cmd := &cobra.Command{
		Use: g.use, Short: g.short, Long: g.long, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := &dataFlags{}
	f.add(cmd.PersistentFlags())
	for _, c := range g.commands {
		cmd.AddCommand(c(f))
	}
	return cmd
}
