// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/gateway_panel.h"

#include "models/tables/format.h"
#include "views/widgets/badge.h"
#include "views/widgets/fact_list.h"
#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>

namespace counterfoil {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("counterfoil::GatewayPanel", text);
}

Icon iconOf(Tone tone)
{
    switch (tone) {
    case Tone::Success: return Icon::Check;
    case Tone::Warning:
    case Tone::Danger: return Icon::Warning;
    default: return Icon::Info;
    }
}

QString wordOf(Tone tone)
{
    switch (tone) {
    case Tone::Success: return tr("Agrees");
    case Tone::Danger: return tr("Differs");
    case Tone::Warning: return tr("Look here");
    default: return tr("Open");
    }
}

GatewayVerdict verdictOnIntent(const PaymentTransaction& payment, const IntentSnapshot& intent)
{
    const bool isPaidHere = payment.status == TransactionStatus::Succeeded;
    const bool isOverHere = payment.status == TransactionStatus::Failed || payment.status == TransactionStatus::Cancelled;
    if (intent.status == IntentStatus::Succeeded && (intent.amountReceived != payment.gatewayPart || intent.amount != payment.gatewayPart)) {
        return {Tone::Danger, tr("The gateway took another amount than was asked for: %1 instead of %2.").arg(formatMoneyWithCode(intent.amountReceived), formatMoneyWithCode(payment.gatewayPart))};
    }
    if (intent.status == IntentStatus::Succeeded) {
        return isPaidHere ? GatewayVerdict{Tone::Success, tr("It is paid, there and here.")}
               : isOverHere ? GatewayVerdict{Tone::Danger, tr("It is paid at the gateway, and given up here.")}
                            : GatewayVerdict{Tone::Warning, tr("It is paid at the gateway; here it isn't known yet.")};
    }
    if (isPaidHere) {
        return {Tone::Danger, tr("It is paid here, and not at the gateway.")};
    }
    if (intent.status == IntentStatus::Canceled) {
        return isOverHere ? GatewayVerdict{Tone::Success, tr("It isn't paid, there or here.")} : GatewayVerdict{Tone::Warning, tr("It was cancelled at the gateway; here it isn't known yet.")};
    }
    return isOverHere ? GatewayVerdict{Tone::Warning, tr("It is given up here, and still open at the gateway.")} : GatewayVerdict{Tone::Neutral, tr("It isn't decided at the gateway yet.")};
}

QString notAnsweredWords(const GatewayAnswer& answer)
{
    switch (answer.outcome) {
    case GatewayOutcome::Refused:
        return answer.errorCode == u"authentication" ? tr("The gateway refuses the console's key.") : tr("The gateway refuses to say (%1 %2).").arg(answer.httpStatus).arg(answer.errorCode);
    case GatewayOutcome::NotSent: return tr("The gateway can't be reached (%1).").arg(answer.errorCode);
    default: return tr("The gateway doesn't answer (%1 %2).").arg(answer.httpStatus).arg(answer.errorCode);
    }
}

} // namespace

GatewayVerdict verdictOn(const PaymentTransaction& payment, const GatewayAnswer& answer)
{
    if (answer.intent) {
        return verdictOnIntent(payment, *answer.intent);
    }
    if (answer.outcome != GatewayOutcome::Succeeded) {
        return {Tone::Warning, notAnsweredWords(answer)};
    }
    return payment.status == TransactionStatus::Succeeded ? GatewayVerdict{Tone::Danger, tr("It is paid here, and the gateway knows nothing of it.")}
                                                          : GatewayVerdict{Tone::Neutral, tr("The gateway knows nothing of this payment.")};
}

GatewayPanel::GatewayPanel(const Theme& theme, const Clock& clock, GatewayGlance* glance, QWidget* parent)
    : SectionCard(theme, tr("What the gateway says now"), parent),
      m_theme(theme),
      m_clock(clock),
      m_glance(glance),
      m_badge(new StateBadge(theme, this)),
      m_words(new PlainLabel(theme, {}, TextRole::Body, Ink::Text, this)),
      m_facts(new FactList(theme, this)),
      m_look(new QPushButton(tr("Look again"), this)),
      m_raw(new QPushButton(tr("Answer…"), this))
{
    body()->setSpacing(space::s);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addWidget(m_badge, 0, Qt::AlignTop);
    m_words->setWrapping(true);
    row->addWidget(m_words, 1);
    body()->addLayout(row);
    body()->addWidget(m_facts);
    m_look->setAccessibleName(tr("Look at the gateway again"));
    m_raw->setAccessibleName(tr("Show the gateway's answer"));
    for (QPushButton* button : {m_raw, m_look}) {
        button->setProperty("link", true);
        button->setAutoDefault(false);
        addToHeading(button);
    }
    connect(m_look, &QPushButton::clicked, this, &GatewayPanel::look);
    connect(m_raw, &QPushButton::clicked, this, &GatewayPanel::showAnswer);
    setPayment(nullptr);
}

void GatewayPanel::setPayment(const PaymentTransaction* payment)
{
    const bool isPossible = m_glance && m_glance->isPossible();
    if (!payment || !payment->gatewayPart.isPositive() || !isPossible) {
        ++m_token;
        m_looking = false;
        m_payment = {};
        m_facts->setFacts({});
        m_raw->hide();
        m_look->hide();
        m_badge->hide();
        m_verdict = {Tone::Neutral, payment && payment->gatewayPart.isPositive() ? tr("This console has no key for the gateway. Start it with --gateway-key-file and a restricted key that may read payments.")
                                                                                 : tr("The gateway has no part in this.")};
        m_words->setPlain(m_verdict.words);
        return;
    }
    const bool isAnother = payment->id != m_payment.id || payment->status != m_payment.status || payment->gatewayRef != m_payment.gatewayRef;
    m_payment = *payment;
    if (isAnother) {
        look();
    }
}

void GatewayPanel::look()
{
    m_looking = true;
    m_look->show();
    m_look->setEnabled(false);
    m_badge->hide();
    m_words->setPlain(tr("Asking the gateway…"));
    m_glance->look(m_payment, this, [this, token = ++m_token](const Result<GatewayAnswer>& answer) {
        if (token == m_token) {
            m_looking = false;
            m_look->setEnabled(true);
            show(answer);
        }
    });
}

void GatewayPanel::show(const Result<GatewayAnswer>& answer)
{
    m_facts->setFacts({});
    m_answer = answer ? answer->answerText : QString();
    m_raw->setVisible(!m_answer.isEmpty());
    if (!answer) {
        say({Tone::Warning, tr("The gateway wasn't asked: %1.").arg(answer.error().detail)});
        return;
    }
    say(verdictOn(m_payment, *answer));
    if (answer->intent) {
        const IntentSnapshot& intent = *answer->intent;
        const QString card = intent.cardLast4.isEmpty() ? QString() : QStringLiteral("%1 ···%2").arg(intent.cardBrand, intent.cardLast4);
        m_facts->setFacts({{tr("Its state"), stateLabel(toString(intent.status))},
                           {tr("Asked for"), formatMoneyWithCode(intent.amount)},
                           {tr("Received"), formatMoneyWithCode(intent.amountReceived)},
                           {tr("Card"), card},
                           {tr("Declined with"), intent.declineCode},
                           {tr("Its id"), intent.id, true},
                           {tr("As of"), formatTime(answer->sentAt, m_clock.now())}});
    }
}

void GatewayPanel::say(const GatewayVerdict& verdict)
{
    m_verdict = verdict;
    m_badge->setLook({wordOf(verdict.tone), iconOf(verdict.tone), verdict.tone});
    m_badge->show();
    m_words->setPlain(verdict.words);
}

void GatewayPanel::showAnswer()
{
    QDialog dialog(this);
    dialog.setWindowTitle(tr("The gateway's answer"));
    auto* layout = new QVBoxLayout(&dialog);
    auto* viewer = new PayloadViewer(m_theme, tr("Answer"), &dialog);
    viewer->setPayload(m_answer);
    layout->addWidget(viewer, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, &dialog);
    connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    layout->addWidget(buttons);
    dialog.resize(720, 520);
    dialog.exec();
}

} // namespace counterfoil
