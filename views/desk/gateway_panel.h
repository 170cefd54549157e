// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/desk/gateway_glance.h"
#include "views/widgets/card.h"
#include "views/widgets/words.h"

class QPushButton;

namespace counterfoil {

class FactList;
class StateBadge;

/// How a payment stands at the gateway beside how it stands here.
struct GatewayVerdict {
    Tone tone = Tone::Neutral;
    QString words;
};
GatewayVerdict verdictOn(const PaymentTransaction& payment, const GatewayAnswer& answer);

/// What the gateway says of a payment just now, and whether that agrees with what is known here.
class GatewayPanel : public SectionCard {
    Q_OBJECT
public:
    GatewayPanel(const Theme& theme, const Clock& clock, GatewayGlance* glance, QWidget* parent = nullptr);

    /// Looks at once if it is another payment, or one that stands differently by now. None: there is nothing to look for.
    void setPayment(const PaymentTransaction* payment);
    bool isSettled() const { return !m_looking; }
    QPushButton* lookButton() const { return m_look; }
    const GatewayVerdict& verdict() const { return m_verdict; }

private:
    void look();
    void show(const Result<GatewayAnswer>& answer);
    void say(const GatewayVerdict& verdict);
    void showAnswer();

    const Theme& m_theme;
    const Clock& m_clock;
    GatewayGlance* m_glance;
    StateBadge* m_badge;
    PlainLabel* m_words;
    FactList* m_facts;
    QPushButton* m_look;
    QPushButton* m_raw;
    PaymentTransaction m_payment;
    GatewayVerdict m_verdict;
    QString m_answer;
    quint64 m_token = 0;
    bool m_looking = false;
};

} // namespace counterfoil
