// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/accounts/balance_dialog.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "models/tables/order_detail_tables.h"
#include "models/tables/postings_table.h"
#include "models/tables/roles.h"
#include "views/widgets/card.h"
#include "views/widgets/data_table.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/words.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QDateTimeEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTimer>

namespace counterfoil {

namespace {

constexpr std::array parts{BalancePart::Available, BalancePart::Frozen, BalancePart::Total, BalancePart::Billed};
/// While somebody is still typing a moment, nothing is read.
constexpr int typingMs = 400;

QDateTime localOf(UtcTime moment)
{
    return QDateTime::fromMSecsSinceEpoch(moment.micros() / 1000);
}

} // namespace

QString partLabel(BalancePart part)
{
    switch (part) {
    case BalancePart::Available: return BalanceDialog::tr("Available");
    case BalancePart::Frozen: return BalanceDialog::tr("Frozen");
    case BalancePart::Total: return BalanceDialog::tr("Total");
    case BalancePart::Billed: return BalanceDialog::tr("Billed");
    }
    assertionFailed("a figure of no kind");
}

QString proofWords(const BalanceProof& proof, UtcTime upTo, bool isNow)
{
    const QString made = proof.postings == 1 ? BalanceDialog::tr("1 posting up to %1 makes %2").arg(formatDateTime(upTo), formatMoneyWithCode(proof.sum))
                                             : BalanceDialog::tr("%1 postings up to %2 make %3").arg(formatCount(proof.postings), formatDateTime(upTo), formatMoneyWithCode(proof.sum));
    const QString stated = formatMoneyWithCode(proof.stated);
    QString words;
    if (isNow && proof.laterPostings == 0) {
        words = BalanceDialog::tr("%1; the account says %2.").arg(made, stated);
    } else if (proof.laterPostings == 0) {
        words = BalanceDialog::tr("%1, and none came later; the account says %2.").arg(made, stated);
    } else {
        words = BalanceDialog::tr("%1, and %2 that came later make %3; the account says %4.").arg(made, formatCount(proof.laterPostings), formatMoneyWithCode(proof.later), stated);
    }
    if (proof.agrees()) {
        return words;
    }
    const Result<Money> all = proof.sum.plus(proof.later);
    const Result<Money> apart = all ? proof.stated.minus(*all) : all;
    return BalanceDialog::tr("The books don't agree: they are %1 apart. %2 Move nothing on this account; run counterfoilctl verify and tell the developers.")
        .arg(apart ? formatMoneyWithCode(*apart) : BalanceDialog::tr("more than can be counted"), words);
}

BalanceDialog::BalanceDialog(const PageContext& context, const AccountRow& account, BalancePart part, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_account(account),
      m_part(part),
      m_parts(new QButtonGroup(this)),
      m_moment(new QDateTimeEdit(this)),
      m_now(new QPushButton(tr("Now"), this)),
      m_typed(new QTimer(this)),
      m_words(new PlainLabel(context.theme, {}, TextRole::Strong, Ink::Text, this)),
      m_model(new PostingsTable(context.executor, this)),
      m_table(new DataTable(context.theme, tr("Postings that make it"), this))
{
    setWindowTitle(tr("Explain a balance"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::xl, space::l, space::xl, space::l);
    layout->setSpacing(space::m);
    layout->addWidget(new PlainLabel(context.theme, accountLabel(account.account.kind, visibleText(account.ownerName, 60)), TextRole::Title, Ink::Text, this));
    layout->addWidget(buildChoices());
    m_words->setWrapping(true);
    m_words->setSelectable();
    layout->addWidget(m_words);
    auto* card = new SectionCard(context.theme, {}, this);
    card->setFlush();
    card->body()->addWidget(m_table);
    layout->addWidget(card, 1);
    // At, Kind, OrderNo, Bucket, Amount, BalanceAfter, Entry
    m_table->setColumns(m_model, {160, 120, 0, 110, 140, 150, -1});
    m_table->emptyState()->setContent(Icon::Swap, tr("Nothing adds to it"), tr("No posting up to then has changed this figure."));
    auto* close = new QPushButton(tr("Close"), this);
    close->setAccessibleName(close->text());
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(close);
    layout->addLayout(row);
    connectChoices();
    setMinimumSize(820, 480);
    resize(880, 600);
    m_table->setFocus();
    ask();
}

QWidget* BalanceDialog::buildChoices()
{
    auto* choices = new QWidget(this);
    auto* row = new QHBoxLayout(choices);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::s);
    for (const BalancePart part : parts) {
        auto* button = new QPushButton(partLabel(part), choices);
        button->setCheckable(true);
        button->setChecked(part == m_part);
        button->setAutoDefault(false);
        button->setAccessibleName(tr("Explain %1").arg(button->text().toLower()));
        m_parts->addButton(button, static_cast<int>(part));
        row->addWidget(button);
    }
    row->addStretch(1);
    row->addWidget(new PlainLabel(m_context.theme, tr("As of"), TextRole::Body, Ink::Secondary, choices));
    m_moment->setCalendarPopup(true);
    m_moment->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_moment->setAccessibleName(tr("As of"));
    row->addWidget(m_moment);
    m_now->setCheckable(true);
    m_now->setChecked(true);
    m_now->setAutoDefault(false);
    m_now->setAccessibleName(tr("As of now"));
    m_moment->setMinimumHeight(m_now->sizeHint().height());
    row->addWidget(m_now);
    return choices;
}

void BalanceDialog::connectChoices()
{
    m_typed->setSingleShot(true);
    m_typed->setInterval(typingMs);
    connect(m_parts, &QButtonGroup::idClicked, this, [this](int part) { setPart(static_cast<BalancePart>(part)); });
    connect(m_now, &QPushButton::clicked, this, [this] { setMoment({}); });
    connect(m_moment, &QDateTimeEdit::dateTimeChanged, m_typed, qOverload<>(&QTimer::start));
    // What is shown as a whole second counts as a whole.
    connect(m_typed, &QTimer::timeout, this, [this] { setMoment(UtcTime((m_moment->dateTime().toSecsSinceEpoch() + 1) * 1'000'000 - 1)); });
    const auto openOrder = [this](OrderId order) { m_context.navigator.openOrder(order); };
    connect(m_table, &DataTable::orderRequested, this, openOrder);
    connect(m_table, &QAbstractItemView::activated, this, [this, openOrder](const QModelIndex& index) {
        const qint64 order = index.data(OrderIdRole).toLongLong();
        order == 0 ? m_table->showRow(index) : openOrder(OrderId(order));
    });
    connect(m_model, &PagedTableModel::firstPageShown, this, [this] {
        m_listed = true;
        m_table->setEmptyShown(m_model->rowCount() == 0);
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] { m_table->setEmptyShown(false); });
    connect(m_model, &PagedTableModel::failed, this, &BalanceDialog::showFailure);
}

void BalanceDialog::setPart(BalancePart part)
{
    m_part = part;
    m_parts->button(static_cast<int>(part))->setChecked(true);
    ask();
}

void BalanceDialog::setMoment(UtcTime moment)
{
    m_typed->stop();
    m_asOf = moment;
    m_now->setChecked(moment.isNone());
    ask();
}

void BalanceDialog::ask()
{
    const quint64 token = ++m_token;
    const UtcTime moment = m_asOf.isNone() ? m_context.clock.now() : m_asOf;
    {
        const QSignalBlocker quiet(m_moment);
        m_moment->setDateTime(localOf(moment));
    }
    m_listed = false;
    m_table->setEmptyShown(false);
    m_words->setInk(Ink::Secondary);
    m_words->setPlain(tr("Adding up…"));
    ++m_reading;
    m_context.executor.read(
        this, [id = m_account.account.id, part = m_part, asOf = m_asOf](Connection& connection) { return balanceAsOf(connection, id, part, asOf); },
        [this, token](const Result<BalanceSlice>& slice) {
            --m_reading;
            if (token == m_token) {
                slice ? showSlice(*slice) : showFailure(slice.error());
            }
        });
}

void BalanceDialog::showSlice(const BalanceSlice& slice)
{
    m_model->explain(slice);
    ++m_reading;
    m_context.executor.read(
        this, [slice](Connection& connection) { return proveBalance(connection, slice); },
        [this, slice, token = m_token](const Result<BalanceProof>& proof) {
            --m_reading;
            if (token == m_token) {
                proof ? showProof(slice, *proof) : showFailure(proof.error());
            }
        });
}

void BalanceDialog::showProof(const BalanceSlice& slice, const BalanceProof& proof)
{
    m_proof = proof;
    m_words->setInk(proof.agrees() ? Ink::Text : Ink::Danger);
    m_words->setPlain(proofWords(proof, UtcTime(m_moment->dateTime().toMSecsSinceEpoch() * 1000), slice.asOf.isNone()));
}

void BalanceDialog::showFailure(const Error& error)
{
    m_listed = true;
    const ErrorWords words = errorWords(error.code);
    m_words->setInk(Ink::Danger);
    m_words->setPlain(QStringLiteral("%1 %2").arg(words.what, words.whatToDo));
}

bool BalanceDialog::isSettled() const
{
    return m_reading == 0 && m_listed && !m_model->isLoading() && !m_typed->isActive();
}

QString BalanceDialog::words() const
{
    return m_words->text();
}

} // namespace counterfoil
