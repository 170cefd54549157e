// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/gateway.h"
#include "views/widgets/page.h"

#include <vector>

class QComboBox;

namespace counterfoil {

class PayloadViewer;

/// Every attempt of a request to the gateway, with the request and its answer as they were sent and received.
class ExchangeViewer : public QWidget {
    Q_OBJECT
public:
    enum class Arrangement { SideBySide, Tabs };
    ExchangeViewer(const PageContext& context, Arrangement arrangement, QWidget* parent = nullptr);

    /// Reads its attempts, also if it is the one that is shown: there may be more of them. None clears.
    void setExchange(ExchangeId exchange);
    bool isSettled() const { return !m_reading; }

private:
    void take(ExchangeId exchange, std::vector<ExchangePayload> payloads);
    void showAttempt(int index);

    const PageContext m_context;
    QComboBox* m_attempts;
    PayloadViewer* m_request;
    PayloadViewer* m_answer;
    std::vector<ExchangePayload> m_payloads;
    ExchangeId m_shown;
    quint64 m_token = 0;
    bool m_reading = false;
};

} // namespace counterfoil
