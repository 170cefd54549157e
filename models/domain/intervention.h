// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

namespace counterfoil {

enum class CaseSeverity { Info = 0, Warning = 1, Critical = 2 };
CF_ENUM_NAMES(CaseSeverity, {CaseSeverity::Info, "info"}, {CaseSeverity::Warning, "warning"}, {CaseSeverity::Critical, "critical"});

enum class CaseState { Open = 0, Resolved = 1 };
CF_ENUM_NAMES(CaseState, {CaseState::Open, "open"}, {CaseState::Resolved, "resolved"});

/// Something a person has to decide. One per cause: `dedupeKey` is unique among open cases.
struct InterventionCase {
    CaseId id;
    /// `amount_conflict`, `late_success`, `job_parked`, `job_escalated`, `gateway_silent`, `unknown_payment`, `order_review`, …
    QString kind;
    CaseSeverity severity = CaseSeverity::Warning;
    OrderId order;
    QString dedupeKey;
    QString detail;
    CaseState state = CaseState::Open;
    UtcTime openedAt;
    UtcTime resolvedAt;
    /// The login of who works on it; empty: nobody.
    QString owner;
    UtcTime claimedAt;
    /// Until then it rests, and isn't in the queue.
    UtcTime snoozedUntil;
    /// When it should be done (serviceLevel()). The queue is in this order: it is how severity, amount and age become one rank that an index
    /// can keep.
    UtcTime dueAt;
    /// What is at stake; zero if it isn't about money.
    Currency currency;
    Money amount;
    QString resolvedBy;
    QString resolution;
    qint64 rowVersion = 1;

    bool isSnoozed(UtcTime now) const { return !snoozedUntil.isNone() && now < snoozedUntil; }
};

/// How long a case may take: 1, 4 or 24 hours by severity, and half of that from 100, a third from 1,000 and a quarter from 10,000 units of
/// money on.
Duration serviceLevel(CaseSeverity severity, const Money& amount);

enum class CaseNoteKind { Note = 0, Claimed = 1, Released = 2, HandedOver = 3, Snoozed = 4, Escalated = 5, Resolved = 6, Reopened = 7 };
CF_ENUM_NAMES(CaseNoteKind, {CaseNoteKind::Note, "note"}, {CaseNoteKind::Claimed, "claimed"}, {CaseNoteKind::Released, "released"}, {CaseNoteKind::HandedOver, "handed_over"},
              {CaseNoteKind::Snoozed, "snoozed"}, {CaseNoteKind::Escalated, "escalated"}, {CaseNoteKind::Resolved, "resolved"}, {CaseNoteKind::Reopened, "reopened"});

/// What somebody did with a case or said about it. Append-only.
struct CaseNote {
    CaseNoteId id;
    CaseId intervention;
    UtcTime at;
    QString author;
    CaseNoteKind kind = CaseNoteKind::Note;
    QString text;
};

} // namespace counterfoil
