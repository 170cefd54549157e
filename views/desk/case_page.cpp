// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/case_page.h"

#include "models/base/text.h"
#include "models/tables/commands_table.h"
#include "models/tables/format.h"
#include "views/desk/action_list.h"
#include "views/desk/command_dialog.h"
#include "views/desk/gateway_panel.h"
#include "views/desk/order_offers.h"
#include "views/widgets/badge.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/labels.h"
#include "views/widgets/timeline.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace counterfoil {

namespace {

constexpr Duration snoozeTime = Duration::minutes(60);
/// Leaves room for the facts beside it.
constexpr int titleLengthMax = 40;

} // namespace

CasePage::CasePage(const PageContext& context, QWidget* parent)
    : Page(context, parent),
      m_title(new PlainLabel(context.theme, {}, TextRole::Title, Ink::Text, this)),
      m_severity(new StateBadge(context.theme, this)),
      m_facts(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, this)),
      m_what(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Text, this)),
      m_problem(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Danger, this)),
      m_similar(new PlainLabel(context.theme, {}, TextRole::Caption, Ink::Secondary, this)),
      m_order(new QPushButton(this)),
      m_claim(new QPushButton(tr("Claim"), this)),
      m_release(new QPushButton(tr("Let go"), this)),
      m_snooze(new QPushButton(tr("Rest for an hour"), this)),
      m_escalate(new QPushButton(tr("Escalate"), this)),
      m_note(new QPushButton(tr("Add note"), this)),
      m_resolve(new QPushButton(tr("Resolve"), this)),
      m_text(new QLineEdit(this)),
      m_actions(new ActionList(context, orderCommands(), ActionList::Form::Lines, this)),
      m_commands(new CommandsTable(this)),
      m_commandTable(new DataTable(context.theme, tr("Commands"), this)),
      m_timeline(new Timeline(context.theme, context.clock, tr("What people did"))),
      m_gateway(new GatewayPanel(context.theme, context.clock, context.gateway, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(buildHeading());
    m_what->setWrapping(true);
    m_what->setSelectable();
    layout->addWidget(m_what);
    m_problem->setWrapping(true);
    m_problem->hide();
    layout->addWidget(m_problem);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(space::m);
    auto* left = new QVBoxLayout;
    left->setSpacing(space::m);
    auto* actions = new SectionCard(theme(), tr("What can be done"), this);
    actions->body()->addWidget(m_actions);
    left->addWidget(actions);
    auto* commands = new SectionCard(theme(), tr("Commands about it"), this);
    commands->setFlush();
    commands->body()->addWidget(m_commandTable);
    // Kind, Status, Subject, Amount, Reason, RequestedBy, RequestedAt, Approvals, Result
    m_commandTable->setColumns(m_commands, {150, 140, -1, 110, 0, -1, -1, 100, -1});
    m_commandTable->emptyState()->setContent(Icon::Send, tr("Nothing was asked for yet"), tr("What is asked for above is listed here, with what came of it."));
    connect(m_commandTable, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        auto* dialog = new CommandDialog(this->context(), m_commands->rowValue(index.row()).command.id, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    left->addWidget(commands, 1);
    columns->addLayout(left, 3);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::m);
    right->addWidget(m_gateway);
    right->addWidget(buildTalk(), 1);
    columns->addLayout(right, 2);
    layout->addLayout(columns, 1);
    if (context.desk) {
        connect(context.desk, &Desk::personChanged, this, &CasePage::showTalk);
    }
}

QWidget* CasePage::buildHeading()
{
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::m);
    row->addWidget(m_title);
    row->addWidget(m_severity);
    row->addWidget(m_facts, 1);
    row->addWidget(m_order);
    row->addWidget(m_claim);
    row->addWidget(m_release);
    connect(m_order, &QPushButton::clicked, this, [this] { context().navigator.openOrder(m_detail.item.order); });
    connect(m_claim, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Claim); });
    connect(m_release, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Release); });
    return heading;
}

QWidget* CasePage::buildTalk()
{
    auto* card = new SectionCard(theme(), tr("What people did"), this);
    card->body()->setSpacing(space::s);
    card->body()->addWidget(m_timeline, 1);
    m_similar->setWrapping(true);
    card->body()->addWidget(m_similar);
    m_text->setPlaceholderText(tr("A note, or the reason for resolving it"));
    m_text->setAccessibleName(tr("Note or reason"));
    m_text->setMaxLength(4000);
    card->body()->addWidget(m_text);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addWidget(m_escalate);
    row->addWidget(m_snooze);
    row->addStretch(1);
    row->addWidget(m_note);
    row->addWidget(m_resolve);
    card->body()->addLayout(row);
    for (QPushButton* button : {m_order, m_claim, m_release, m_snooze, m_escalate, m_note, m_resolve}) {
        button->setAutoDefault(false);
        button->setAccessibleName(button->text());
    }
    connect(m_text, &QLineEdit::returnPressed, this, [this] { act(Desk::CaseAction::Note); });
    connect(m_note, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Note); });
    connect(m_escalate, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Escalate); });
    connect(m_resolve, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Resolve); });
    connect(m_snooze, &QPushButton::clicked, this, [this] { act(Desk::CaseAction::Snooze, context().clock.now() + snoozeTime); });
    return card;
}

void CasePage::setCase(CaseId item)
{
    if (item != m_case) {
        m_case = item;
        m_loaded = false;
        m_detail = {};
        m_title->setPlain(tr("Case"));
        m_facts->setPlain(tr("Reading…"));
        m_what->setPlain({});
        m_problem->hide();
        m_text->clear();
        m_commands->setRows({});
        m_timeline->setEntries({});
        m_gateway->setPayment(nullptr);
        showActions();
        showTalk();
    }
    refresh();
}

void CasePage::refresh()
{
    if (m_case.isNone()) {
        return;
    }
    const quint64 token = ++m_token;
    ++m_reading;
    context().executor.read(
        this, [id = m_case](Connection& connection) { return caseDetail(connection, id); },
        [this, token](const Result<CaseDetail>& detail) {
            --m_reading;
            if (token != m_token) {
                return;
            }
            if (detail) {
                const bool isFirst = !std::exchange(m_loaded, true);
                show(*detail);
                // Until now nothing else could take the keyboard.
                if (isFirst && m_timeline->hasFocus()) {
                    firstFocus()->setFocus();
                }
            } else if (!m_loaded) {
                const ErrorWords words = errorWords(detail.error().code);
                m_facts->setPlain(words.what + u' ' + words.whatToDo);
            }
        });
}

void CasePage::show(const CaseDetail& detail)
{
    m_detail = detail;
    const InterventionCase& item = detail.item;
    const UtcTime now = context().clock.now();
    m_title->setPlain(visibleText(stateLabel(item.kind), titleLengthMax));
    m_severity->setLook(item.state == CaseState::Resolved ? lookOf(QStringLiteral("resolved")) : lookOf(item.severity));
    QStringList facts{item.amount.isZero() ? QString() : tr("%1 at stake").arg(formatMoneyWithCode(item.amount)), tr("opened %1").arg(formatTime(item.openedAt, now))};
    if (item.state == CaseState::Open) {
        facts << tr("due %1").arg(formatTime(item.dueAt, now)) << (item.owner.isEmpty() ? tr("nobody works on it") : tr("%1 works on it").arg(item.owner));
    } else {
        facts << tr("resolved by %1: %2").arg(item.resolvedBy, item.resolution);
    }
    facts.removeAll(QString());
    m_facts->setPlain(facts.join(QStringLiteral(" · ")));
    m_what->setPlain(item.detail);
    m_order->setVisible(detail.order.has_value());
    if (detail.order) {
        m_order->setText(tr("Open order"));
        m_order->setToolTip(plainToolTip(detail.order->orderNo));
        m_order->setAccessibleName(m_order->text());
    }
    m_gateway->setPayment(paymentAmong(m_detail.transactions));
    m_commands->setRows(detail.commands);
    m_commandTable->setEmptyShown(detail.commands.empty());
    std::vector<TimelineEntry> entries;
    for (const CaseNote& note : detail.notes) {
        entries.push_back({note.id.toText(), note.at, QStringLiteral("%1 · %2").arg(note.author, stateLabel(toString(note.kind))), note.text,
                           note.kind == CaseNoteKind::Resolved ? Icon::Check : note.kind == CaseNoteKind::Escalated ? Icon::Warning : Icon::User,
                           note.kind == CaseNoteKind::Resolved ? Tone::Success : note.kind == CaseNoteKind::Escalated ? Tone::Warning : Tone::Neutral});
    }
    std::ranges::reverse(entries);
    m_timeline->setEntries(std::move(entries));
    QStringList before;
    for (const InterventionCase& similar : detail.similar) {
        before << QStringLiteral("%1 (%2)").arg(similar.resolution, similar.resolvedBy);
    }
    before.removeDuplicates();
    m_similar->setPlain(before.isEmpty() ? tr("No case like this was resolved before.") : tr("How cases like this were resolved: %1").arg(before.join(QStringLiteral("; "))));
    showActions();
    showTalk();
    Q_EMIT titleChanged(stateLabel(item.kind));
}

void CasePage::showActions()
{
    std::vector<CommandOffer> offers;
    if (m_detail.order) {
        offers = orderOffers({*m_detail.order, m_detail.transactions, m_detail.jobs, m_case});
    } else if (m_loaded) {
        for (const CommandKind kind : orderCommands()) {
            offers.push_back({.draft = {.kind = kind}, .whyNot = tr("The case is not about an order.")});
        }
    }
    m_actions->setOffers(std::move(offers));
}

void CasePage::showTalk()
{
    const bool isOpen = m_loaded && m_detail.item.state == CaseState::Open;
    const bool mayWork = context().desk && context().desk->hasPerson() && context().desk->person().role != Role::Auditor;
    const bool isMine = mayWork && m_detail.item.owner == context().desk->person().login;
    m_claim->setVisible(isOpen && !isMine);
    m_claim->setEnabled(mayWork && m_detail.item.owner.isEmpty());
    m_claim->setToolTip(plainToolTip(m_detail.item.owner.isEmpty() ? QString() : tr("%1 works on it.").arg(m_detail.item.owner)));
    m_release->setVisible(isOpen && isMine);
    for (QPushButton* button : {m_snooze, m_resolve}) {
        button->setEnabled(isOpen && isMine);
        button->setToolTip(plainToolTip(isOpen && !isMine ? tr("Claim the case first.") : QString()));
    }
    for (QPushButton* button : {m_note, m_escalate}) {
        button->setEnabled(isOpen && mayWork);
    }
    m_text->setEnabled(isOpen && mayWork);
}

void CasePage::act(Desk::CaseAction action, UtcTime until)
{
    const bool needsText = action == Desk::CaseAction::Note || action == Desk::CaseAction::Resolve;
    if (needsText && m_text->text().trimmed().isEmpty()) {
        m_problem->setPlain(action == Desk::CaseAction::Note ? tr("Write the note first.") : tr("Write the reason first: it is what the next one with a case like this reads."));
        m_problem->show();
        m_text->setFocus();
        return;
    }
    context().desk->act(m_case, action, m_text->text(), until, this, [this](const Result<void>& outcome) {
        m_problem->setVisible(!outcome);
        if (outcome) {
            m_text->clear();
        } else {
            m_problem->setPlain(outcome.error().code == ErrorCode::InProgress ? tr("%1 has it already.").arg(outcome.error().detail) : tr("Nothing was changed: %1.").arg(outcome.error().detail));
        }
        refresh();
    });
}

QPushButton* CasePage::actionButton(CommandKind kind) const
{
    return m_actions->button(kind);
}

QWidget* CasePage::firstFocus()
{
    if (m_claim->isVisible() && m_claim->isEnabled()) {
        return m_claim;
    }
    return m_text->isEnabled() ? static_cast<QWidget*>(m_text) : m_timeline;
}

} // namespace counterfoil
