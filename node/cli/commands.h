/* Every command, each in a file of its own. */
#ifndef YIZHAN_NODE_CLI_COMMANDS_H
#define YIZHAN_NODE_CLI_COMMANDS_H

#include "cli.h"

extern const struct command cmd_init;
extern const struct command cmd_case_open;
extern const struct command cmd_case_solve;
extern const struct command cmd_case_accept;
extern const struct command cmd_case_refuse;
extern const struct command cmd_case_assign;
extern const struct command cmd_case_sign;
extern const struct command cmd_case_return;
extern const struct command cmd_case_note;
extern const struct command cmd_case_contact;
extern const struct command cmd_case_visit;
extern const struct command cmd_case_escalate;
extern const struct command cmd_case_supervise;
extern const struct command cmd_case_pause;
extern const struct command cmd_case_resume;
extern const struct command cmd_case_resolve;
extern const struct command cmd_case_followup;
extern const struct command cmd_case_close;
extern const struct command cmd_case_reopen;
extern const struct command cmd_case_void;
extern const struct command cmd_case_edit;
extern const struct command cmd_case_settle;
extern const struct command cmd_case_merge;
extern const struct command cmd_case_refer;
extern const struct command cmd_case_extend;
extern const struct command cmd_case_show;
extern const struct command cmd_case_list;
extern const struct command cmd_case_import;
extern const struct command cmd_household_add;
extern const struct command cmd_household_edit;
extern const struct command cmd_household_visit;
extern const struct command cmd_household_list;
extern const struct command cmd_household_show;
extern const struct command cmd_notice_post;
extern const struct command cmd_notice_list;
extern const struct command cmd_notice_show;
extern const struct command cmd_erase;
extern const struct command cmd_stats;
extern const struct command cmd_export;
extern const struct command cmd_log;

extern const struct command cmd_hub_init;
extern const struct command cmd_hub_invite;
extern const struct command cmd_hub_recover;
extern const struct command cmd_hub_villages;
extern const struct command cmd_hub_roster_list;
extern const struct command cmd_hub_roster_grant;
extern const struct command cmd_hub_roster_revoke;
extern const struct command cmd_hub_quarantine_list;
extern const struct command cmd_hub_quarantine_show;
extern const struct command cmd_hub_quarantine_release;
extern const struct command cmd_hub_ingest;
extern const struct command cmd_hub_serve;
extern const struct command cmd_hub_config_url;
extern const struct command cmd_hub_certificate_show;
extern const struct command cmd_hub_certificate_next;
extern const struct command cmd_hub_certificate_renew;
extern const struct command cmd_hub_certificate_other;
extern const struct command cmd_hub_case_open;
extern const struct command cmd_hub_village_rename;
extern const struct command cmd_hub_village_merge;
extern const struct command cmd_hub_village_close;
extern const struct command cmd_hub_sample;
extern const struct command cmd_hub_erasures;
extern const struct command cmd_holiday_add;
extern const struct command cmd_holiday_list;
extern const struct command cmd_settings_show;
extern const struct command cmd_settings_set;
extern const struct command cmd_join;
extern const struct command cmd_sync;
extern const struct command cmd_serve;
extern const struct command cmd_parcel_write;
extern const struct command cmd_parcel_read;
extern const struct command cmd_parcel_list;
extern const struct command cmd_parcel_open;
extern const struct command cmd_status;
extern const struct command cmd_worker_add;
extern const struct command cmd_worker_list;
extern const struct command cmd_worker_passwd;
extern const struct command cmd_worker_rename;
extern const struct command cmd_worker_revoke;
extern const struct command cmd_ledger_verify;
extern const struct command cmd_ledger_allowed_signers;
extern const struct command cmd_ledger_move;
extern const struct command cmd_verify;
extern const struct command cmd_rebuild;
extern const struct command cmd_backup;
extern const struct command cmd_restore;
extern const struct command cmd_completion;

#endif
