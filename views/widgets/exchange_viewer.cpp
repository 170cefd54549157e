// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/exchange_viewer.h"

#include "models/store/reads/order_detail.h"
#include "models/tables/format.h"
#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QTabBar>
#include <QTabWidget>

namespace counterfoil {

ExchangeViewer::ExchangeViewer(const PageContext& context, Arrangement arrangement, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_attempts(new QComboBox(this)),
      m_request(new PayloadViewer(context.theme, tr("Request"), this)),
      m_answer(new PayloadViewer(context.theme, tr("Answer"), this))
{
    m_attempts->setAccessibleName(tr("Attempt"));
    m_attempts->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_attempts, 0, Qt::AlignLeft);
    if (arrangement == Arrangement::SideBySide) {
        auto* columns = new QHBoxLayout;
        columns->setSpacing(space::m);
        columns->addWidget(m_request, 1);
        columns->addWidget(m_answer, 1);
        layout->addLayout(columns, 1);
    } else {
        auto* tabs = new QTabWidget(this);
        tabs->setDocumentMode(true);
        tabs->setProperty("flush", true);
        tabs->tabBar()->setDrawBase(false);
        for (QWidget* named : {static_cast<QWidget*>(tabs), static_cast<QWidget*>(tabs->tabBar())}) {
            named->setAccessibleName(tr("Request and answer"));
        }
        tabs->addTab(m_answer, tr("Answer"));
        tabs->addTab(m_request, tr("Request"));
        layout->addWidget(tabs, 1);
    }
    connect(m_attempts, &QComboBox::currentIndexChanged, this, &ExchangeViewer::showAttempt);
}

void ExchangeViewer::setExchange(ExchangeId exchange)
{
    const quint64 token = ++m_token;
    if (exchange.isNone()) {
        m_shown = ExchangeId();
        m_reading = false;
        m_attempts->hide();
        m_request->setNothing(tr("Nothing chosen"));
        m_answer->setNothing(tr("Nothing chosen"));
        return;
    }
    m_reading = true;
    m_context.executor.read(
        this,
        [exchange](Connection& connection) { return exchangePayloads(connection, exchange); },
        [this, token, exchange](const Result<std::vector<ExchangePayload>>& payloads) {
            if (token == m_token) {
                m_reading = false;
                take(exchange, payloads ? *payloads : std::vector<ExchangePayload>());
            }
        });
}

void ExchangeViewer::take(ExchangeId exchange, std::vector<ExchangePayload> payloads)
{
    const bool same = exchange == m_shown && payloads.size() == m_payloads.size();
    m_shown = exchange;
    m_payloads = std::move(payloads);
    if (!same) {
        const QSignalBlocker quiet(m_attempts);
        m_attempts->clear();
        for (const ExchangePayload& payload : m_payloads) {
            m_attempts->addItem(tr("Attempt %1 of %2, %3").arg(payload.attempt).arg(m_payloads.size()).arg(formatDateTime(payload.sentAt)));
        }
        m_attempts->setCurrentIndex(static_cast<int>(m_payloads.size()) - 1);
        m_attempts->setVisible(m_payloads.size() > 1);
    }
    showAttempt(m_attempts->currentIndex());
}

void ExchangeViewer::showAttempt(int index)
{
    if (index < 0 || index >= static_cast<int>(m_payloads.size())) {
        m_request->setNothing(tr("Not sent yet"));
        m_answer->setNothing(tr("Not sent yet"));
        return;
    }
    const ExchangePayload& payload = m_payloads[static_cast<std::size_t>(index)];
    m_request->setPayload(payload.request, formatDateTime(payload.sentAt));
    if (payload.answer.isEmpty()) {
        m_answer->setNothing(payload.outcome.isEmpty() ? tr("No answer") : stateLabel(payload.outcome));
        return;
    }
    const QString took = tr("%1 ms").arg(formatCount(payload.elapsedMicros / 1000));
    m_answer->setPayload(payload.answer, payload.httpStatus == 0 ? took : tr("HTTP %1 · %2").arg(payload.httpStatus).arg(took));
}

} // namespace counterfoil
